/**
 * Dated price table: what a candidate costs before anything is launched.
 *
 * EC2 On-Demand list prices for Linux in US dollars an hour. They are the same in the three regions below, which is why
 * the table needs no region column; a region is added here together with its prices, never without.
 * Spot has no column either: EC2 never charges a spot instance more than the On-Demand price, so that price is the
 * upper bound of both markets, and an upper bound is what a cap is compared with.
 */
export const PRICES_AS_OF = '2026-06-17';

export const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2'] as const;

const ON_DEMAND_USD_PER_HOUR = {
  'g5.xlarge': 1.006,
  'g5.2xlarge': 1.212,
  'g5.4xlarge': 1.624,
  'g5.8xlarge': 2.448,
  'g5.12xlarge': 5.672,
  'g5.16xlarge': 4.096,
  'g5.24xlarge': 8.144,
  'g5.48xlarge': 16.288,
} as const;

/** For the runner in the `remote` topology: none that saves up credits, for its speed would change during a run. */
const CPU_USD_PER_HOUR = {
  'c7i.large': 0.08925,
  'c7i.xlarge': 0.1785,
  'm7i.large': 0.1008,
} as const;

export type CpuInstanceType = keyof typeof CPU_USD_PER_HOUR;
export const CPU_INSTANCE_TYPES = Object.keys(CPU_USD_PER_HOUR) as [CpuInstanceType, ...CpuInstanceType[]];

export type GpuInstanceType = keyof typeof ON_DEMAND_USD_PER_HOUR;
export const GPU_INSTANCE_TYPES = Object.keys(ON_DEMAND_USD_PER_HOUR) as [
  GpuInstanceType,
  ...GpuInstanceType[],
];

export const GP3_USD_PER_GB_MONTH = 0.08;
export const PUBLIC_IPV4_USD_PER_HOUR = 0.005;
/** AWS bills a volume by the second against a month of 730 hours. */
export const HOURS_PER_MONTH = 730;
/** The reaper looks every five minutes, so that much may be billed past the limit if the schedule itself fails. */
export const REAPER_PERIOD_MINUTES = 5;

export interface RunCost {
  /** Instance price, US dollars an hour. */
  readonly instanceUsdPerHour: number;
  /** Disk and public address, and the runner's host where there is one, US dollars an hour. */
  readonly extrasUsdPerHour: number;
  /** All of it, US dollars an hour. */
  readonly usdPerHour: number;
  /** Longest time that can be billed, in hours: the limit and one period of the reaper. */
  readonly hours: number;
  /** Most that one run can cost, in US dollars. */
  readonly upperBoundUsd: number;
}

/** A second host, which is there as long as the first. */
export interface HostBeside {
  readonly instanceType: CpuInstanceType;
  readonly diskGb: number;
}

/**
 * Upper bound of the price of one run: (instances + disks + addresses) × (time limit + one reaper period).
 * Traffic is not in it: what a run uploads is a few megabytes, and what it downloads is free.
 */
export function runCost(
  instanceType: GpuInstanceType,
  timeLimitMinutes: number,
  diskGb: number,
  beside?: HostBeside,
): RunCost {
  const instanceUsdPerHour = ON_DEMAND_USD_PER_HOUR[instanceType];
  const besideUsdPerHour = beside
    ? CPU_USD_PER_HOUR[beside.instanceType] + diskAndAddressUsdPerHour(beside.diskGb)
    : 0;
  const extrasUsdPerHour = diskAndAddressUsdPerHour(diskGb) + besideUsdPerHour;
  const usdPerHour = instanceUsdPerHour + extrasUsdPerHour;
  const hours = (timeLimitMinutes + REAPER_PERIOD_MINUTES) / 60;
  return { instanceUsdPerHour, extrasUsdPerHour, usdPerHour, hours, upperBoundUsd: usdPerHour * hours };
}

const diskAndAddressUsdPerHour = (diskGb: number): number =>
  (diskGb * GP3_USD_PER_GB_MONTH) / HOURS_PER_MONTH + PUBLIC_IPV4_USD_PER_HOUR;

/** Cost of a host that has been up for `hours`, in US dollars; undefined for a type that is not in the table. */
export function costSoFarUsd(instanceType: string, hours: number, diskGb: number): number | undefined {
  const table: Readonly<Record<string, number>> = { ...ON_DEMAND_USD_PER_HOUR, ...CPU_USD_PER_HOUR };
  if (!Object.hasOwn(table, instanceType)) return undefined;
  return (table[instanceType]! + diskAndAddressUsdPerHour(diskGb)) * hours;
}
