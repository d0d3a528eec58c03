/** When somebody must look after the VM. The figures of our own are those that `userdata/dashboard/vm/watch.ts` sends. */
import type { Environment } from '../../../environments/schema';
import { METRIC_NAMESPACE, type SingleDashboard } from '../../../userdata/dashboard/config';
import type { Alarm } from '../../alarms/alarms';
import { keptVmAlarms } from '../../alarms/kept-vm';
import { namesOf } from '../../naming/names';

export const vmAlarms = (
  env: Environment,
  { backupEveryHours }: Pick<SingleDashboard, 'backupEveryHours'>,
  instanceId: string,
): readonly Alarm[] =>
  keptVmAlarms({
    ...{ region: env.homeRegion, instanceId, namespace: METRIC_NAMESPACE },
    dimensions: { Dashboard: namesOf(env).dashboard },
    unhealthy: 'The dashboard does not answer, or the VM says nothing any more.',
    copies: { id: 'backup', everyHours: backupEveryHours },
  });
