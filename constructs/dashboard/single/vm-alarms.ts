/** When somebody must look after the VM. The figures of our own are those that `userdata/dashboard/vm/watch.ts` sends. */
import type { Environment } from '../../../environments/schema';
import { METRIC_NAMESPACE, type SingleDashboard } from '../../../userdata/dashboard/config';
import { namesOf } from '../../naming/names';
import type { Alarm } from '../../alarms/alarms';

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
  const ec2 = {
    namespace: 'AWS/EC2',
    dimensions: { InstanceId: instanceId },
    statistic: 'Maximum',
    when: 'above',
    threshold: 0,
    missing: 'fine',
  } as const;
  return [
    {
      ...ec2,
      id: 'hardware',
      says: 'The hardware under the VM has failed; AWS moves it to another.',
      metric: 'StatusCheckFailed_System',
      minutes: 2,
      action: `arn:aws:automate:${env.homeRegion}:ec2:recover`,
    },
    {
      ...ec2,
      id: 'system',
      says: 'The system of the VM does not answer.',
      metric: 'StatusCheckFailed_Instance',
      minutes: 3,
    },
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
