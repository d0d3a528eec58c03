/** When somebody must look after the VM. The figures of our own are those that `userdata/dashboard/vm/watch.ts` sends. */
import type { Environment } from '../../../environments/schema';
import { METRIC_NAMESPACE, type SingleDashboard } from '../../../userdata/dashboard/config';
import type { Alarm } from '../../alarms/alarms';
import { hardwareAlarms } from '../../alarms/hardware';
import { namesOf } from '../../naming/names';

export function vmAlarms(
  env: Environment,
  { backupEveryHours }: Pick<SingleDashboard, 'backupEveryHours'>,
  instanceId: string,
): readonly Alarm[] {
  const ours = {
    namespace: METRIC_NAMESPACE,
    dimensions: { Dashboard: namesOf(env).dashboard },
    statistic: 'Maximum',
    minutes: 5,
  } as const;
  return [
    ...hardwareAlarms(env.homeRegion, instanceId),
    {
      ...ours,
      id: 'health',
      says: 'The dashboard does not answer, or the VM says nothing any more.',
      metric: 'Healthy',
      when: 'below',
      threshold: 1,
      missing: 'bad',
    },
    {
      ...ours,
      id: 'disk',
      says: 'A disk of the VM is nearly full.',
      metric: 'DiskUsedPercent',
      when: 'above',
      threshold: 80,
      missing: 'fine',
    },
    {
      ...ours,
      id: 'backup',
      says: 'The last good backup is older than two backups should be apart.',
      metric: 'BackupAgeHours',
      when: 'above',
      threshold: 2 * backupEveryHours + 1,
      missing: 'fine',
    },
  ];
}
