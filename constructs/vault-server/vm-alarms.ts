/** When somebody must look after the VM. The figures of our own are those that `userdata/vault-server/vm/watch.ts` sends. */
import type { Environment, VaultServer } from '../../environments/schema';
import { VAULT_METRICS } from '../../userdata/vault-server/config';
import type { Alarm } from '../alarms/alarms';
import { keptVmAlarms } from '../alarms/kept-vm';
import { namesOf } from '../naming/names';

export const vaultAlarms = (
  env: Environment,
  { snapshotEveryHours }: Pick<VaultServer, 'snapshotEveryHours'>,
  instanceId: string,
): readonly Alarm[] =>
  keptVmAlarms({
    ...{ region: env.homeRegion, instanceId, namespace: VAULT_METRICS },
    dimensions: { Server: namesOf(env).vaultServer },
    unhealthy: 'Vault does not answer or is sealed, or the VM says nothing any more.',
    copies: { id: 'snapshot', everyHours: snapshotEveryHours },
  });
