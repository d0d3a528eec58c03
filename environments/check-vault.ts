/** Rules across fields about Vault: where its API is, what its stack makes there, and who is let in. */
import { VAULT_MOUNTS } from '../constructs/naming/names';
import type { Fault } from './check';
import type { Environment, VaultSecrets } from './schema';

export function* vaultFaults({ secrets, dashboard, lambdaCloud }: Environment): Generator<Fault> {
  if (secrets.kind !== 'vault') return;
  const { lambdaCidrs = [], kubernetes, database } = secrets;
  yield* placeFaults(secrets);
  if (secrets.lambdaCidrs && !lambdaCloud) {
    const allowed = 'nothing while lambdaCloud is absent: there are no such hosts';
    yield { field: 'secrets.lambdaCidrs', value: secrets.lambdaCidrs, allowed };
  }
  for (const [i, cidr] of lambdaCidrs.entries()) {
    if (Number(cidr.split('/')[1]) >= 8) continue;
    const allowed = 'a prefix length of 8 to 32; absent: from anywhere';
    yield { field: `secrets.lambdaCidrs[${i}]`, value: cidr, allowed };
  }
  if (kubernetes && dashboard.tier !== 'none') {
    const allowed = `nothing while dashboard.tier is ${dashboard.tier}: that dashboard is in no cluster`;
    yield { field: 'secrets.kubernetes', value: kubernetes.host, allowed };
  }
  if (database && dashboard.tier === 'single') {
    const allowed = 'nothing while dashboard.tier is single: that dashboard keeps its data in SQLite';
    yield { field: 'secrets.database', value: database.host, allowed };
  }
  if (database) yield* databaseFaults(database);
}

/** Mounts that every Vault has, and the one that our stacks make for all environments. */
const TAKEN: readonly string[] = ['auth', 'cubbyhole', 'identity', 'sys', VAULT_MOUNTS.database];

function* placeFaults({ address, mount, server }: VaultSecrets): Generator<Fault> {
  if (!server && (new URL(address).pathname !== '/' || address.endsWith('/'))) {
    const allowed = 'an https:// URL without a path: the API stands at /v1';
    yield { field: 'secrets.address', value: address, allowed };
  }
  const [first, ...more] = mount.split('/');
  if (TAKEN.includes(first!)) {
    const allowed = `a mount that is not at or below ${TAKEN.join(', ')}`;
    yield { field: 'secrets.mount', value: mount, allowed };
  }
  if (more.includes('')) {
    const allowed = 'a mount path without a slash at its end or two in a row';
    yield { field: 'secrets.mount', value: mount, allowed };
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3})$/;

function* databaseFaults(database: NonNullable<VaultSecrets['database']>): Generator<Fault> {
  const { host, tls, adminUsername, ownerRole } = database;
  if (tls === 'disable' && !LOOPBACK.test(host)) {
    const allowed = `"verify-full", "require" while secrets.database.host is ${host}`;
    yield { field: 'secrets.database.tls', value: tls, allowed };
  }
  if (adminUsername === ownerRole) {
    const allowed = 'another than secrets.database.adminUsername: who makes users does not own the tables';
    yield { field: 'secrets.database.ownerRole', value: ownerRole, allowed };
  }
}
