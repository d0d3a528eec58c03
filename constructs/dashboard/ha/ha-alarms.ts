/** When somebody must look after the containers or the database. */
import type { Alarm } from '../../alarms/alarms';
import { TASKS } from '../prices';
import type { Balancer } from './balancer';
import type { HaSettings } from './ha-dashboard';

const GIB = 1024 ** 3;

export function haAlarms(
  { databaseGb }: Pick<HaSettings, 'databaseGb'>,
  balancer: Balancer['dimensions'],
  databaseId: string,
): readonly Alarm[] {
  const targets = { namespace: 'AWS/ApplicationELB', dimensions: balancer, minutes: 5 } as const;
  const database = {
    namespace: 'AWS/RDS',
    dimensions: { DBInstanceIdentifier: databaseId },
    minutes: 10,
    missing: 'bad',
  } as const;
  return [
    {
      ...targets,
      id: 'health',
      says: 'Fewer containers are healthy than should be.',
      metric: 'HealthyHostCount',
      statistic: 'Minimum',
      when: 'below',
      threshold: TASKS,
      missing: 'bad',
    },
    {
      ...targets,
      id: 'errors',
      says: 'The dashboard answers with errors of its own.',
      metric: 'HTTPCode_Target_5XX_Count',
      statistic: 'Sum',
      when: 'above',
      threshold: 5,
      missing: 'fine',
    },
    {
      ...database,
      id: 'database-disk',
      says: 'The disk of the database is nearly full.',
      metric: 'FreeStorageSpace',
      statistic: 'Minimum',
      when: 'below',
      threshold: Math.round(databaseGb * GIB * 0.15),
    },
    {
      ...database,
      id: 'database-cpu',
      says: 'The database has been busy for ten minutes.',
      metric: 'CPUUtilization',
      statistic: 'Average',
      when: 'above',
      threshold: 90,
    },
  ];
}
