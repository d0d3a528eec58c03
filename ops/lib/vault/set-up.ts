/** The first set-up of a Vault for an environment. Safe to repeat, also after it was ended half way. */
import type { VaultClient } from '@he300/benchmark/vault';
import { namesOf } from '../../../constructs/naming/names';
import type { Environment } from '../../../environments/schema';
import { CliError } from '../cli';
import { vaultOf } from '../vault-login';
import { applyVaultStack } from './apply';
import type { Access } from './live-object';
import { opened, type Opened, type OpeningOptions } from './opening';
import type { VaultStackJson } from './stack-resources';
import { lookUp, newToken, revoke } from './tokens';

const DEPLOY_HOURS = 1;

export interface SetUpOptions extends Omit<OpeningOptions, 'mayInitialize'> {
  readonly environment: Environment;
  /** Of that environment. */
  readonly json: VaultStackJson;
  /** What `VAULT_TOKEN` holds. @default - the root token of a Vault that is made here */
  readonly token?: string | undefined;
  /** Whether the stack is put there through the API, instead of by Terraform. */
  readonly apply: boolean;
  /** How long a token of the role `admin` is good that is made too. @default - none is made */
  readonly adminHours?: number | undefined;
  /** Whether somebody is told the tokens. If not, that for Terraform goes to the keys file of a new Vault, or is not made. */
  readonly tellsTokens: boolean;
  /** Of the stack, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface SetUp {
  /** For Terraform, where it is its turn, the token at hand is not one already, and there is a place for it. */
  readonly deployToken?: string;
  /** Whether the token at hand is one for Terraform. */
  readonly isDeploy: boolean;
  readonly adminToken?: string;
  /** Whether the token at hand is a root token that somebody brought: it is his to revoke. */
  readonly broughtRoot: boolean;
  /** Revokes the root token of a Vault that was made here. Call it when nobody needs the rest of this again. */
  readonly finish: () => Promise<void>;
}

/** @throws CliError, VaultError */
export async function setUp(options: SetUpOptions): Promise<SetUp> {
  const { environment, json, client, apply, adminHours, variables, tell, tellsTokens, keysFile } = options;
  const { token, ofNewVault, policies } = await entry(options);
  const access: Access = { client, token };
  const names = namesOf(environment).vault;
  const deployRole = names.role('terraform-deploy');

  // Audit devices come first there, so that they see everything else.
  await applyVaultStack(json, {
    ...access,
    variables,
    only: (path) => apply || path.startsWith('sys/audit/') || path === `sys/policies/acl/${deployRole}`,
    onApplied: ({ did, path }) => tell(did, path),
  });

  const made = { orphan: ofNewVault };
  const isDeploy = policies.includes(deployRole);
  const deployToken =
    apply || isDeploy || !(tellsTokens || ofNewVault)
      ? undefined
      : await newToken(access, { policy: deployRole, hours: DEPLOY_HOURS, ...made });
  if (deployToken !== undefined && !tellsTokens && keysFile?.keys)
    keysFile.write({ ...keysFile.keys, deploy_token: deployToken });
  return {
    ...(deployToken === undefined ? {} : { deployToken }),
    isDeploy,
    ...(adminHours === undefined
      ? {}
      : { adminToken: await newToken(access, { policy: names.role('admin'), hours: adminHours, ...made }) }),
    broughtRoot: !ofNewVault && policies.includes('root'),
    finish: () => (ofNewVault ? withoutRoot(options, access) : Promise.resolve()),
  };
}

interface Entry {
  readonly token: string;
  /** Whether it is the root token of a Vault that was made here, now or in a set-up that was ended half way. */
  readonly ofNewVault: boolean;
  readonly policies: readonly string[];
}

async function entry(options: SetUpOptions): Promise<Entry> {
  const { environment, client, keysFile, token: brought } = options;
  const { shared, namespace } = vaultOf(environment);
  // A namespace is part of a Vault that somebody has made.
  const { keys, clusterId }: Opened =
    namespace === undefined
      ? await opened({ ...options, mayInitialize: () => mayInitialize(environment.name, shared) })
      : {};
  if (keys?.root_token) {
    const root = await lookUp(client, keys.root_token);
    if (root) {
      // From now on it is known whose keys they are.
      if (keysFile?.keys && clusterId !== undefined && keys.cluster_id === undefined)
        keysFile.write({ ...keys, cluster_id: clusterId });
      return { token: keys.root_token, ofNewVault: true, policies: root.policies };
    }
    // Revoked, just before the last set-up was ended; unless the file may be another Vault's.
    if (keys.cluster_id !== undefined && keys.cluster_id === clusterId)
      keysFile?.write({ ...keys, root_token: undefined });
  }
  if (!brought)
    throw new CliError(
      `VAULT_TOKEN is not set; allowed: a token of ${client.address} that may write policies`,
    );
  const self = await lookUp(client, brought);
  if (!self) throw invalidToken(client);
  return { token: brought, ofNewVault: false, policies: self.policies };
}

export const invalidToken = ({ address }: VaultClient): CliError =>
  new CliError(`vault: ${address} does not know the token in VAULT_TOKEN, or does not know it any more`);

function mayInitialize(name: string, shared: 'create' | 'existing'): void {
  if (shared === 'existing')
    throw new CliError(
      `environments/${name}.ts: secrets.shared: existing; a new Vault is set up by the environment whose secrets.shared is create`,
    );
}

async function withoutRoot({ keysFile, tell }: SetUpOptions, access: Access): Promise<void> {
  await revoke(access);
  if (keysFile?.keys) keysFile.write({ ...keysFile.keys, root_token: undefined });
  tell('revoked', 'root token');
}
