/**
 * What a dashboard costs a month, by the list prices of the date in `gpu-host/prices.ts`, which are the same in all regions
 * there. Traffic and requests are not in it: they depend on how much is looked at.
 */
import type { Environment } from '../../environments/schema';
import { GP3_USD_PER_GB_MONTH, HOURS_PER_MONTH, PUBLIC_IPV4_USD_PER_HOUR } from '../gpu-host/prices';

/** Of a small VM, x86-64: what it downloads is pinned for that. */
export const INSTANCE_USD_PER_HOUR = {
  't3.small': 0.0208,
  't3.medium': 0.0416,
  'm7i.large': 0.1008,
} as const;

/** PostgreSQL in two zones. */
const DATABASE_USD_PER_HOUR = {
  'db.t4g.micro': 0.032,
  'db.t4g.small': 0.065,
  'db.t4g.medium': 0.129,
  'db.m7g.large': 0.337,
} as const;

const keysOf = <K extends string>(table: Readonly<Record<K, number>>) => Object.keys(table) as [K, ...K[]];
export const DASHBOARD_INSTANCE_TYPES = keysOf(INSTANCE_USD_PER_HOUR);
export const DATABASE_CLASSES = keysOf(DATABASE_USD_PER_HOUR);

/** Root disk of a small VM, in GB: the system, Node and the program. */
export const ROOT_DISK_GB = 16;
/** Two, so that one may fail or be replaced. */
export const TASKS = 2;
/** Of one task, as Fargate bills it. */
export const TASK = { cpuUnits: 512, memoryMb: 1024 } as const;

const FARGATE_USD_PER_HOUR = { cpu: 0.04048, memoryGb: 0.004445 };
const LOAD_BALANCER_USD_PER_HOUR = 0.0225;
const DATABASE_USD_PER_GB_MONTH = 0.23;
const SECRET_USD_PER_MONTH = 0.4;

/** One line of the sum. */
export interface MonthlyPart {
  readonly what: string;
  readonly usdPerMonth: number;
}

/** Empty where there is no dashboard. */
export function dashboardParts({ dashboard }: Pick<Environment, 'dashboard'>): readonly MonthlyPart[] {
  const hourly = (what: string, usdPerHour: number) => ({ what, usdPerMonth: usdPerHour * HOURS_PER_MONTH });
  switch (dashboard.tier) {
    case 'none':
      return [];
    case 'single': {
      const { instanceType, dataGb } = dashboard;
      return [
        hourly(instanceType, INSTANCE_USD_PER_HOUR[instanceType]),
        { what: 'disks', usdPerMonth: (ROOT_DISK_GB + dataGb) * GP3_USD_PER_GB_MONTH },
        hourly('address', PUBLIC_IPV4_USD_PER_HOUR),
      ];
    }
    case 'ha': {
      const { databaseClass, databaseGb, zones, exposure } = dashboard;
      const task =
        (TASK.cpuUnits / 1024) * FARGATE_USD_PER_HOUR.cpu +
        (TASK.memoryMb / 1024) * FARGATE_USD_PER_HOUR.memoryGb;
      const addresses = TASKS + (exposure === 'public' ? zones.length : 0);
      return [
        hourly(`${TASKS} containers`, TASKS * task),
        hourly('load balancer', LOAD_BALANCER_USD_PER_HOUR),
        hourly(`addresses`, addresses * PUBLIC_IPV4_USD_PER_HOUR),
        hourly(`${databaseClass} in two zones`, DATABASE_USD_PER_HOUR[databaseClass]),
        { what: 'database storage', usdPerMonth: databaseGb * DATABASE_USD_PER_GB_MONTH },
        { what: 'secret', usdPerMonth: SECRET_USD_PER_MONTH },
      ];
    }
  }
}

export const dashboardUsdPerMonth = (env: Pick<Environment, 'dashboard'>): number =>
  dashboardParts(env).reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
