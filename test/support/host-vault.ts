/** A real Vault as hosts of the environment `test` find it: their policy, their logins, and secrets that a test made up. */
import { setTimeout as delay } from 'node:timers/promises';
import { VAULT_PATHS, HOST_API_KEYS } from '../../benchmark/src/contract/vault';
import type { HostConfig } from '../../benchmark/src/contract/host-config';
import { VaultError } from '../../benchmark/src/vault';
import type { Emulator } from '../../ops/lib/emulator';
import type { Tool } from '../../ops/lib/tool';
import type { ImdsRole } from './imds.double';
import { VaultServer } from './vault';
import { assumed } from './vault-logins';
import type { Canaries } from './vm/secrets';

export const HOST_ROLE = 'he300-test-host';
export const SERVER_ID = 'vault.example.org';
const MOUNT = 'he300-test';
const AWS_ROLE = 'he300-test-gpu-host';
const AWS_ROLE_ARN = `arn:aws:iam::123456789012:role/${AWS_ROLE}`;

type VaultConfig = Extract<HostConfig['secrets'], { kind: 'vault' }>;

export interface HostVaultOptions {
  readonly tool: Tool;
  readonly emulator: Pick<Emulator, 'endpoint'>;
  readonly secrets: Canaries;
}

export class HostVault {
  private constructor(
    readonly server: VaultServer,
    private readonly endpoint: string,
  ) {}

  static async start({ tool, emulator, secrets }: HostVaultOptions): Promise<HostVault> {
    const vault = new HostVault(await VaultServer.start(tool), emulator.endpoint);
    try {
      await vault.layOut();
      await vault.allow();
      await vault.letIn();
      await vault.keep(secrets);
      return vault;
    } catch (error) {
      await vault.stop();
      throw error;
    }
  }

  /** As `host.json` names it. @param address where the host finds it. @default - itself */
  config(login: VaultConfig['login'], address: string = this.server.address): VaultConfig {
    return { kind: 'vault', address, namespace: null, mount: MOUNT, login };
  }

  /** What the instance's role may log in with. */
  awsLogin(more: Partial<Extract<VaultConfig['login'], { kind: 'aws-iam' }>> = {}): VaultConfig['login'] {
    return { kind: 'aws-iam', role: HOST_ROLE, serverId: SERVER_ID, ...more };
  }

  /** With a secret id that nobody has unwrapped yet. */
  async appRoleLogin(wrapSeconds = 1_200): Promise<Extract<VaultConfig['login'], { kind: 'approle' }>> {
    const role = `auth/approle/role/${HOST_ROLE}`;
    const { data } = await this.server.send<{ role_id: string }>({ method: 'GET', path: `${role}/role-id` });
    const { wrapInfo } = await this.server.send({ method: 'POST', path: `${role}/secret-id`, wrapSeconds });
    return { kind: 'approle', roleId: data.role_id, wrappedSecretId: wrapInfo!.token };
  }

  /** Credentials of the role that hosts have, or of another. */
  async instanceRole(name: string = AWS_ROLE): Promise<ImdsRole> {
    const credentials = await assumed(this.endpoint, `arn:aws:iam::123456789012:role/${name}`);
    return { name, credentials };
  }

  /** @param parameters of both roles that a host logs in as, such as `token_ttl` */
  async letIn(parameters: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const token = {
      ...{ token_policies: [HOST_ROLE], token_no_default_policy: true, token_ttl: 1_800 },
      ...{ token_max_ttl: 0, token_explicit_max_ttl: 7_800, ...parameters },
    };
    await this.write(`auth/aws/role/${HOST_ROLE}`, {
      ...{ auth_type: 'iam', bound_iam_principal_arn: [AWS_ROLE_ARN], resolve_aws_unique_ids: false },
      ...token,
    });
    await this.write(`auth/approle/role/${HOST_ROLE}`, {
      ...{ secret_id_num_uses: 1, secret_id_ttl: 1_200, bind_secret_id: true },
      ...token,
    });
  }

  /**
   * @param paths below the mount that a host may read. @default - all that it needs
   * @param mount also one that is not there. @default - its own
   */
  async allow(paths: readonly string[] = HOST_PATHS, mount = MOUNT): Promise<void> {
    const rules = [
      ...paths.map((path) => `path "${mount}/data/${path}" { capabilities = ["read"] }`),
      'path "auth/token/lookup-self" { capabilities = ["read"] }',
      ...['renew-self', 'revoke-self'].map(
        (what) => `path "auth/token/${what}" { capabilities = ["update"] }`,
      ),
    ];
    await this.write(`sys/policies/acl/${HOST_ROLE}`, { policy: rules.join('\n') });
  }

  async keep({ webhookKey, dashboardToken, modelApiKey }: Omit<Canaries, 'all' | 'foundIn'>): Promise<void> {
    await this.put(VAULT_PATHS.webhookKey, { key: webhookKey });
    await this.put(VAULT_PATHS.apiKey(HOST_API_KEYS.dashboard), { api_key: dashboardToken });
    await this.put(VAULT_PATHS.apiKey(HOST_API_KEYS.modelServer), { api_key: modelApiKey });
  }

  put(path: string, fields: Readonly<Record<string, string>>): Promise<void> {
    return this.write(`${MOUNT}/data/${path}`, { data: fields });
  }

  remove(path: string): Promise<void> {
    return this.delete(`${MOUNT}/metadata/${path}`);
  }

  /** Accessors of the tokens that hosts hold. */
  async hostTokens(): Promise<string[]> {
    const { data } = await this.server.send<{ keys: string[] }>({
      ...{ method: 'LIST', path: 'auth/token/accessors' },
    });
    const policies = await Promise.all(data.keys.map((accessor) => this.policiesOf(accessor)));
    return data.keys.filter((_accessor, i) => policies[i]!.includes(HOST_ROLE));
  }

  /** As an administrator ends what may have leaked. */
  async revokeHostTokens(): Promise<void> {
    for (const accessor of await this.hostTokens())
      await this.write('auth/token/revoke-accessor', { accessor }).catch(ignoreGone);
  }

  /** So many reads of the secrets every five minutes, of all hosts together. */
  limitReads(rate: number): Promise<void> {
    return this.write('sys/quotas/rate-limit/hosts', { path: `${MOUNT}/`, rate, interval: '300s' });
  }

  unlimitReads(): Promise<void> {
    return this.delete('sys/quotas/rate-limit/hosts');
  }

  /** For the address 127.0.0.1, from an authority that nobody else knows. */
  async certificate(): Promise<{ readonly key: string; readonly cert: string; readonly ca: string }> {
    await this.write('sys/mounts/pki', { type: 'pki' });
    await this.write('pki/root/generate/internal', { common_name: 'he300 test' });
    await this.write('pki/roles/server', { allow_ip_sans: true, allow_any_name: true });
    const body = { common_name: 'vault', ip_sans: '127.0.0.1', ttl: '1h' };
    const { data } = await this.server.send<Readonly<Record<string, string>>>({
      ...{ method: 'POST', path: 'pki/issue/server', body },
    });
    return { key: data['private_key']!, cert: data['certificate']!, ca: data['issuing_ca']! };
  }

  seal(): Promise<void> {
    return this.write('sys/seal', {});
  }

  async unseal(): Promise<void> {
    const [, key] = /Unseal Key: (\S+)/.exec(this.server.output)!;
    await this.write('sys/unseal', { key });
    while (!(await this.isActive())) await delay(50);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async layOut(): Promise<void> {
    await this.write(`sys/mounts/${MOUNT}`, { type: 'kv', options: { version: '2' } });
    await this.write('sys/auth/approle', { type: 'approle' });
    await this.write('sys/auth/aws', { type: 'aws' });
    const { endpoint } = this;
    await this.write('auth/aws/config/client', {
      ...{ endpoint, iam_endpoint: endpoint, sts_endpoint: endpoint },
      iam_server_id_header_value: SERVER_ID,
    });
  }

  private async policiesOf(accessor: string): Promise<readonly string[]> {
    try {
      const lookup = { method: 'POST', path: 'auth/token/lookup-accessor', body: { accessor } } as const;
      return (await this.server.send<{ policies: string[] }>(lookup)).data.policies;
    } catch (error) {
      ignoreGone(error);
      return [];
    }
  }

  /** An engine that was just mounted, and a server that was just unsealed, take a moment. */
  private async write(path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    for (let left = 100; ; left--) {
      try {
        await this.server.send({ method: 'POST', path, body });
        return;
      } catch (error) {
        const isEarly = error instanceof VaultError && /upgrading/i.test(error.message);
        if (!isEarly || left === 0) throw error;
      }
      await delay(50);
    }
  }

  private async delete(path: string): Promise<void> {
    await this.server.send({ method: 'DELETE', path });
  }

  private async isActive(): Promise<boolean> {
    return this.server.send({ method: 'GET', path: 'auth/token/lookup-self' }).then(
      () => true,
      () => false,
    );
  }
}

const HOST_PATHS: readonly string[] = [
  VAULT_PATHS.webhookKey,
  ...Object.values(HOST_API_KEYS).map((name) => VAULT_PATHS.apiKey(name)),
  VAULT_PATHS.tunnelPeer('*'),
];

/** It ended while we asked. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof VaultError) || error.status === undefined || error.status >= 500) throw error;
}
