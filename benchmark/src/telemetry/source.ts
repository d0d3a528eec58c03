/** What the telemetry needs of a source: one small interface, one file a source. */
import type { ClientReading, GpuReading, HostReading, ServerReading } from '../contract/telemetry-line';

/** What one look finds. A part is left out when the source knows nothing of it, or nothing new. */
export interface Reading {
  readonly client?: ClientReading;
  readonly host?: HostReading;
  readonly server?: ServerReading;
  readonly gpus?: readonly GpuReading[];
}

export interface Source {
  /** Called twice a second, and more often at times. Never throws and never rejects: telemetry must not end a run. */
  read(): Reading | Promise<Reading>;

  close(): void | Promise<void>;
}

/** A GPU of which nothing is known but its index. */
export const unknownGpu = (index: number): GpuReading => ({
  index,
  name: null,
  smActive: null,
  dramActive: null,
  tensorActive: null,
  utilization: null,
  memoryMib: null,
  powerWatts: null,
  smClockMhz: null,
  memoryClockMhz: null,
  temperatureC: null,
  throttleReasons: null,
});
