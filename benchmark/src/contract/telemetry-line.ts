/** One line of `telemetry.jsonl`: one look at the machines while a run went on. */
import * as z from 'zod';
import { count, milliseconds, proportion, seconds, text, timestamp } from './primitives';
import { serverTelemetry } from './telemetry';

const amount = z.number().nonnegative();

export const clientReading = z.strictObject({
  cpu: amount.describe('CPU time by time passed since the look before: 1 is one core.'),
  loopDelayP99Ms: milliseconds.describe('Of the time since the look before the one before.'),
  memoryMib: amount,
});
export type ClientReading = z.infer<typeof clientReading>;

export const hostReading = z.strictObject({ cpu: proportion.nullable(), memory: proportion.nullable() });
export type HostReading = z.infer<typeof hostReading>;

export const serverReading = z.strictObject({
  kind: serverTelemetry.shape.kind,
  running: amount,
  waiting: amount,
  kvCache: proportion.nullable(),
});
export type ServerReading = z.infer<typeof serverReading>;

export const gpuReading = z.strictObject({
  index: count,
  name: text(100).nullable(),
  smActive: proportion.nullable(),
  dramActive: proportion.nullable(),
  tensorActive: proportion.nullable(),
  utilization: proportion.nullable(),
  memoryMib: amount.nullable(),
  powerWatts: amount.nullable(),
  smClockMhz: amount.nullable(),
  memoryClockMhz: amount.nullable(),
  temperatureC: amount.nullable(),
  throttleReasons: z.array(text(50)).nullable(),
});
export type GpuReading = z.infer<typeof gpuReading>;

export const energy = z.strictObject({
  wattHours: amount.describe('Of all GPUs since the run began.'),
  knownSeconds: seconds.describe('Time in which the power was known.'),
  seconds: seconds.describe('Time in which the run was watched.'),
});
export type Energy = z.infer<typeof energy>;

export const telemetryLine = z.strictObject({
  schema: z.literal('he300.telemetry/v1'),
  at: timestamp,
  seconds: seconds.describe('Since the look before.'),
  during: text(50).nullable().describe('What the run did: `load 8` with 8 in flight, `scored`, `rescored`.'),
  client: clientReading.nullable(),
  host: hostReading.nullable(),
  server: serverReading.nullable(),
  gpus: z.array(gpuReading).nullable(),
  energy,
});
export type TelemetryLine = z.infer<typeof telemetryLine>;
