/** Secrets in Vault, as a host reads them. */
import { join } from 'node:path';
import type { HostConfig } from '../../../contract/host-config';
import { VaultClient } from '../../../vault';
import type { SourceContext } from '../secrets';
import { AppRoleLogin } from './approle-login';
import { AwsIamLogin } from './aws-iam-login';
import type { Login } from './login';
import { VaultSession } from './session';
import { VaultSource } from './source';

export type VaultConfig = Extract<HostConfig['secrets'], { kind: 'vault' }>;

/** Asks nothing yet: the first read logs in. */
export function openVault(config: VaultConfig, { redactor, log, ...context }: SourceContext): VaultSource {
  const { address, mount } = config;
  const client = new VaultClient({ address, namespace: config.namespace ?? undefined });
  const session = new VaultSession({
    client,
    redactor,
    log,
    login: loginOf(config, { redactor, ...context }),
  });
  return new VaultSource({ client, session, redactor, mount });
}

function loginOf(
  { address, namespace, login }: VaultConfig,
  { client: aws, redactor, state, runtimeDirectory }: Omit<SourceContext, 'log'>,
): Login {
  const place = { address, namespace: namespace ?? undefined };
  switch (login.kind) {
    case 'aws-iam':
      return new AwsIamLogin({ client: new VaultClient(place), aws, ...login });
    case 'approle':
      return new AppRoleLogin({
        ...{ place, redactor, roleId: login.roleId, wrappedSecretId: login.wrappedSecretId },
        usedPath: join(state, 'vault-secret-id-used'),
        tryingPath: join(state, 'vault-secret-id-trying'),
        keptTokenPath: runtimeDirectory && join(runtimeDirectory, 'vault-token'),
      });
  }
}
