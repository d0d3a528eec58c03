import { VAULT_PATHS } from '@he300/benchmark/contract';
import { namesOf, VAULT_MOUNTS } from '../../naming/names';
import { SECRET_ID_MINUTES } from '../approle-login';
import { grant, type Grant } from '../policy-text';
import { dataAt } from './kv';
import type { PolicyScope } from './scope';

/** The end of the tunnel that a workflow is. */
const TEST_RUNNER = 'test-runner';

/**
 * Jobs of GitHub that launch a run and fetch its results. They give a host on Lambda Cloud its secret id and never see
 * it: Vault makes it wrapped or not at all. They sign nothing in a host's name, so the webhook's key is not theirs.
 */
export function deployPolicy({ environment: env, secrets }: PolicyScope): readonly Grant[] {
  const data = dataAt(secrets);
  const role = `auth/${VAULT_MOUNTS.appRole}/role/${namesOf(env).vault.role('host')}`;
  const wrapped = { minSeconds: 60, maxSeconds: SECRET_ID_MINUTES * 60 };
  return [
    ...[
      VAULT_PATHS.apiKey('*'),
      VAULT_PATHS.wireguard(TEST_RUNNER),
      VAULT_PATHS.tunnelPeer('*'),
      VAULT_PATHS.jwtSigningKey,
    ].map((path) => grant(data(path), 'read')),
    ...(env.lambdaCloud
      ? [grant(`${role}/role-id`, 'read'), { ...grant(`${role}/secret-id`, 'update'), wrapped }]
      : []),
  ];
}
