/** When somebody must look after the VM. The figures of our own are those that `userdata/vault-server/vm/watch.ts` sends. */
import type { Environment, VaultServer } from '../../environments/schema';
import { VAULT_METRICS } from '../../userdata/vault-server/config';
import type { Alarm } from '../alarms/alarms';
import { hardwareAlarms } from '../alarms/hardware';
import { namesOf } from '../naming/names';

export function vaultAlarms(
  env: Environment,
  { snapshotEveryHours }: Pick<VaultServer, 'snapshotEveryHours'>,
  instanceId: string,
): readonly Alarm[] {
  const ours = {
    namespace: VAULT_METRICS,
    dimensions: { Server: namesOf(env).vaultServer },
    statistic: 'Maximum',
    minutes: 5,
  } as const;
  return [
    ...hardwareAlarms(env.homeRegion, instanceId),
    {
      ...ours,
      id: 'health',
      says: 'Vault does not answer or is sealed, or the VM says nothing any more.',
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
      id: 'snapshot',
      says: 'The last good snapshot is older than two snapshots should be apart.',
      metric: 'SnapshotAgeHours',
      when: 'above',
      threshold: 2 * snapshotEveryHours + 1,
      missing: 'fine',
    },
  ];
}
