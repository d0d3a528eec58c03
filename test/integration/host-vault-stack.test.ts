/** A host that is told what its environment's stack says finds its secrets in the Vault that the same stack made. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostConfig } from '../../benchmark/src/contract/host-config';
import { HOST_API_KEYS, VAULT_PATHS } from '../../benchmark/src/contract/vault';
import { AwsClient } from '../../benchmark/src/host/aws/client';
import { HostLog } from '../../benchmark/src/host/log/host-log';
import { Redactor } from '../../benchmark/src/host/log/redactor';
import { Secret } from '../../benchmark/src/host/log/secret';
import { readHostSecrets, secretsSource, type SecretsSource } from '../../benchmark/src/host/secrets/secrets';
import { VaultClient, writeKv } from '../../benchmark/src/vault';
import { namesOf } from '../../constructs/naming/names';
import { gpuHostConfig } from '../../userdata/host-config';
import { describeWithTools } from '../support/skip';
import { assumed } from '../support/vault-logins';
import { withVaultWorld } from '../support/vault-world';
import { canaries } from '../support/vm/secrets';

type VaultConfig = Extract<HostConfig['secrets'], { kind: 'vault' }>;

describeWithTools(['vault', 'postgres', 'moto'], 'a host of an environment with a Vault', (tools) => {
  const world = withVaultWorld(tools);
  const { webhookKey, dashboardToken } = canaries();
  let state: string;
  const lines: string[] = [];
  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'he300-host-stack-'));
    const { vault, prod } = world();
    const place = { client: new VaultClient(vault), token: vault.rootToken, mount: prod.secrets.mount };
    await writeKv({ ...place, path: VAULT_PATHS.webhookKey }, { key: webhookKey });
    await writeKv(
      { ...place, path: VAULT_PATHS.apiKey(HOST_API_KEYS.dashboard) },
      { api_key: dashboardToken },
    );
    await writeKv({ ...place, path: VAULT_PATHS.tunnelPeer('test-runner') }, { public_keys: 'A B' });
  });
  beforeEach(() => void lines.splice(0));
  afterAll(() => rmSync(state, { recursive: true }));

  /** What the host is told, but for where this Vault is. */
  function told(): HostConfig & { readonly secrets: VaultConfig } {
    const { vault, prod } = world();
    const config = gpuHostConfig({
      environment: prod,
      bundle: { key: 'bundle.mjs', sha256: 'a'.repeat(64) },
    });
    return { ...config, secrets: { ...(config.secrets as VaultConfig), address: vault.address } };
  }

  async function sourceOf(secrets: VaultConfig): Promise<SecretsSource> {
    const { awsEndpoint, prod } = world();
    const { AccessKeyId, SecretAccessKey, SessionToken } = await assumed(
      awsEndpoint,
      namesOf(prod).arn.role(namesOf(prod).hostRole),
    );
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: new Secret(SecretAccessKey),
      sessionToken: new Secret(SessionToken),
    };
    const redactor = new Redactor();
    const log = new HostLog({ redactor, write: (line) => lines.push(line) });
    const client = new AwsClient({ credentials: () => Promise.resolve(credentials) });
    return secretsSource({ secrets, homeRegion: prod.homeRegion }, { client, redactor, log, state });
  }

  async function expectAllRead(secrets: VaultConfig): Promise<void> {
    const source = await sourceOf(secrets);
    const found = await readHostSecrets(source, { ...told(), dashboardUrl: 'https://dashboard.example.org' });
    expect([found.webhookKey?.reveal(), found.dashboardToken?.reveal()]).toEqual([
      webhookKey,
      dashboardToken,
    ]);
    expect((await source.read(['tunnel-peer-test-runner'])).get('tunnel-peer-test-runner')?.reveal()).toBe(
      'A B',
    );
    await source.end();
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'the host has logged in to Vault',
      'the token for Vault is given back',
    ]);
    expect(lines.join('')).not.toMatch(/\bhvs\./);
  }

  test('logs in on AWS by its role, reads all that it needs, and gives its token back', async () => {
    await expectAllRead(told().secrets);
  });

  test('logs in on Lambda Cloud by what a deploy wrapped for it', async () => {
    const { vault, prod } = world();
    const token = await world().login(prod, 'deploy');
    const role = `auth/approle/role/${namesOf(prod).vault.role('host')}`;
    const { data } = await vault.send<{ role_id: string }>({ method: 'GET', path: `${role}/role-id`, token });
    const { wrapInfo } = await vault.send({
      ...{ method: 'POST', path: `${role}/secret-id`, body: {}, token, wrapSeconds: 300 },
    });
    const login = { kind: 'approle', roleId: data.role_id, wrappedSecretId: wrapInfo!.token } as const;
    await expectAllRead({ ...told().secrets, login });
  });

  test('is let in from nowhere but where its environment says, and says so', async () => {
    const { vault, staging } = world();
    const role = `auth/approle/role/${namesOf(staging).vault.role('host')}`;
    const { data } = await vault.send<{ role_id: string }>({ method: 'GET', path: `${role}/role-id` });
    const { wrapInfo } = await vault.send({ method: 'POST', path: `${role}/secret-id`, wrapSeconds: 300 });
    const login = { kind: 'approle', roleId: data.role_id, wrappedSecretId: wrapInfo!.token } as const;
    const other = mkdtempSync(join(state, 'other-'));
    const source = secretsSource(
      { secrets: { ...told().secrets, login }, homeRegion: 'us-east-1' },
      {
        client: new AwsClient({ credentials: () => Promise.reject(new Error('not asked')) }),
        ...{ redactor: new Redactor(), state: other },
        log: new HostLog({ redactor: new Redactor(), write: (line) => lines.push(line) }),
      },
    );
    await expect(source.read(['webhook-key'])).rejects.toThrow(
      /^vault: POST auth\/approle\/login at http:\S+: source address "127\.0\.0\.1" unauthorized .*; the secret id is good for one login, soon after it was made, from where its role allows$/,
    );
  });
});
