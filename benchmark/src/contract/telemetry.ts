/** What was seen of the machines during a stretch of a run. docs/metrics.md tells what each figure proves, and what not. */
import * as z from 'zod';
import { count, milliseconds, proportion, seconds, text } from './primitives';

const spreadOf = (value: z.ZodNumber) => z.strictObject({ mean: value, p95: value, max: value });

/** Of the readings of the stretch, each weighted by the time since the one before. */
export const spread = spreadOf(z.number().nonnegative());
export type Spread = z.infer<typeof spread>;

/** As `spread`, of a part of the whole. */
export const spreadOfPart = spreadOf(proportion);

export const clientTelemetry = z.strictObject({
  cpu: spread.describe('CPU time by time passed: 1 is one core. The runner needs one for its event loop.'),
  loopDelayMs: z
    .strictObject({ p50: milliseconds, p99: milliseconds, max: milliseconds })
    .describe('How late the event loop was.'),
  memoryMib: spread.describe('Resident.'),
});

export const hostTelemetry = z.strictObject({
  cpu: spreadOfPart.describe('Of all processors of the runner’s machine, whoever used them.'),
  memory: spreadOfPart.describe(
    'Of the memory of the runner’s machine, without what the system would free at once.',
  ),
});

export const serverTelemetry = z.strictObject({
  kind: z.enum(['vllm', 'llama-server']),
  running: spread.describe('Requests that the server worked on.'),
  waiting: spread.describe('Requests that waited in the server.'),
  kvCache: spreadOfPart.nullable().describe('Of the memory for keys and values; null when it does not tell.'),
});

export const gpuTelemetry = z.strictObject({
  index: count,
  name: text(100).nullable(),
  smActive: spreadOfPart.nullable().describe('DCGM SM_ACTIVE; null without DCGM.'),
  dramActive: spreadOfPart
    .nullable()
    .describe('DCGM DRAM_ACTIVE: of the cycles, at most about 0.8. Null without DCGM.'),
  tensorActive: spreadOfPart.nullable().describe('DCGM PIPE_TENSOR_ACTIVE; null without DCGM.'),
  utilization: spreadOfPart
    .nullable()
    .describe('Part of the time in which any kernel ran: it tells idle from not idle, and nothing else.'),
  memoryMib: spread.nullable(),
  powerWatts: spread.nullable(),
  smClockMhz: spread.nullable(),
  memoryClockMhz: spread.nullable(),
  temperatureC: spread.nullable(),
  throttled: z
    .array(z.strictObject({ reason: text(50), part: proportion.describe('Of the time.') }))
    .nullable()
    .describe('Why clocks were held down, but for idleness; null when nothing tells.'),
});
export type GpuTelemetry = z.infer<typeof gpuTelemetry>;

export const telemetry = z.strictObject({
  seconds,
  readings: count,
  client: clientTelemetry.nullable(),
  host: hostTelemetry.nullable(),
  server: serverTelemetry.nullable().describe('Null when the server has no page of metrics.'),
  gpus: z.array(gpuTelemetry).nullable().describe('Null when no source tells; of the server’s machine only.'),
});
export type Telemetry = z.infer<typeof telemetry>;
