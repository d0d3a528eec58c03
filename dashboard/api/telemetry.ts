/** What was seen of the machines during a run, thinned out for a plot. */
import * as z from 'zod';

const series = z.array(z.number().nullable());

export const telemetrySeries = z.strictObject({
  seconds: z.array(z.number()).describe('Since the first look; at most 400 points.'),
  during: z.array(z.string().nullable()),
  client: z.strictObject({ cpu: series, loopDelayP99Ms: series, memoryMib: series }),
  host: z
    .strictObject({ cpu: series, memory: series })
    .describe('Of the runner’s machine, parts of the whole.'),
  server: z.strictObject({ running: series, waiting: series, kvCache: series }).nullable(),
  gpus: z.array(
    z.strictObject({
      index: z.int(),
      name: z.string().nullable(),
      smActive: series,
      dramActive: series,
      tensorActive: series,
      utilization: series,
      memoryMib: series,
      powerWatts: series,
      temperatureC: series,
    }),
  ),
});
export type TelemetrySeries = z.infer<typeof telemetrySeries>;
