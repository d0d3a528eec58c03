/** Watt-hours of the GPUs: power by time, look by look. The power of a look is taken for the time that it stands for. */
import type { Energy, GpuReading } from '../contract/telemetry-line';

export const NO_ENERGY: Energy = { wattHours: 0, knownSeconds: 0, seconds: 0 };

/** With less of the time known than this, nothing is said. What is missing counts as the rest did. */
const LEAST_KNOWN = 0.9;

const SECONDS_IN_HOUR = 3_600;

export function withLook(before: Energy, seconds: number, gpus: readonly GpuReading[] | undefined): Energy {
  const watts = (gpus ?? []).flatMap(({ powerWatts }) => powerWatts ?? []);
  const known = watts.length > 0;
  const total = watts.reduce((sum, each) => sum + each, 0);
  return {
    wattHours: before.wattHours + (known ? (total * seconds) / SECONDS_IN_HOUR : 0),
    knownSeconds: before.knownSeconds + (known ? seconds : 0),
    seconds: before.seconds + seconds,
  };
}

/** Null when the power was known for too little of the time. */
export function wattHoursOf({ wattHours, knownSeconds, seconds }: Energy): number | null {
  if (knownSeconds <= 0 || knownSeconds < seconds * LEAST_KNOWN) return null;
  return wattHours * (seconds / knownSeconds);
}
