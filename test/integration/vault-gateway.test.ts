/** HTTPS in front of the environment's own Vault, by a real Caddy: whose address Vault sees, and what Caddy writes down. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesOf } from '../../constructs/naming/names';
import { vaultCaddyfile } from '../../userdata/caddyfile';
import type { FirstKeys } from '../../userdata/vault-server/vm/first-keys';
import { until } from '../support/cloud';
import { callEmulator, makeKey } from '../support/emulated-aws';
import { withEmulator } from '../support/emulator';
import { endProcess } from '../support/end-process';
import { freePort } from '../support/free-port';
import { OwnVault } from '../support/own-vault';
import { describeWithTools } from '../support/skip';
import { ownVaultProps } from '../support/vault-servers';

jest.setTimeout(120_000);

const DOMAIN = 'vault.example.org';
const names = namesOf(ownVaultProps.environment);

/** The part of Caddy's own configuration that is looked at: https://caddyserver.com/docs/json. */
interface CaddyConfig {
  readonly admin: { readonly disabled: boolean };
  readonly logging: unknown;
  readonly apps: {
    readonly http: {
      readonly servers: { readonly srv0: { readonly listen: string[]; readonly routes: unknown } };
    };
    readonly tls: {
      readonly automation: { readonly policies: readonly [{ readonly issuers: readonly [object] }] };
    };
  };
}

describeWithTools(['vault', 'moto', 'caddy'], 'in front of a Vault of one’s own', (tools) => {
  const emulator = withEmulator();
  let dir: string;
  let vault: OwnVault;
  let caddy: ChildProcess | undefined;
  let port: number;
  let root: string;
  let written = '';

  function adapted(): CaddyConfig {
    const path = join(dir, 'Caddyfile');
    writeFileSync(path, vaultCaddyfile({ domain: DOMAIN, upstream: `127.0.0.1:${vault.port}` }));
    const args = ['adapt', '--config', path, '--adapter', 'caddyfile'];
    const { status, stdout, stderr } = spawnSync(tools.caddy.path, args, { encoding: 'utf8' });
    expect({ status, warned: /"warn"/.test(stderr) }).toEqual({ status: 0, warned: false });
    return JSON.parse(stdout) as CaddyConfig;
  }

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-vault-gateway-'));
    await makeKey(emulator.endpoint, names.vaultSealAlias);
    vault = await OwnVault.prepare(tools.vault, ownVaultProps, emulator);
    await vault.start();
    await vault.run('first-keys');
    await vault.untilOpen();
    const wanted = { Name: names.vaultFirstKeysParameter, WithDecryption: true };
    const { Parameter } = await callEmulator<{ Parameter: { Value: string } }>(
      ...([emulator.endpoint, 'ssm', 'AmazonSSM.GetParameter', wanted] as const),
    );
    root = (JSON.parse(Parameter.Value) as FirstKeys).root_token;
    await startCaddy();
  });
  afterAll(async () => {
    if (caddy) await endProcess(caddy);
    // Undefined where the set-up failed before it.
    await (vault as OwnVault | undefined)?.remove();
    rmSync(dir, { recursive: true });
  });

  /** The same routes and the same log, on a port of loopback, with a certificate of its own. */
  async function startCaddy(): Promise<void> {
    port = await freePort();
    const { logging, apps } = adapted();
    const { routes } = apps.http.servers.srv0;
    const config = {
      admin: { disabled: true },
      logging,
      apps: {
        http: {
          http_port: await freePort(),
          https_port: port,
          servers: {
            srv0: { listen: [`127.0.0.1:${port}`], routes, automatic_https: { disable_redirects: true } },
          },
        },
        pki: { certificate_authorities: { local: { install_trust: false } } },
        tls: { automation: { policies: [{ issuers: [{ module: 'internal' }] }] } },
      },
    };
    const path = join(dir, 'caddy.json');
    writeFileSync(path, JSON.stringify(config));
    const env = { ...process.env, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir };
    caddy = spawn(tools.caddy.path, ['run', '--config', path], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [caddy.stdout!, caddy.stderr!])
      stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
    await until(
      () =>
        ask('sys/health', '').then(
          ({ status }) => status === 200,
          () => false,
        ),
      'Caddy',
    );
  }

  /** @param from the address that the client comes from */
  async function ask(
    path: string,
    token: string,
    from = '127.0.0.1',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly text: string }> {
    const ca = readFileSync(join(dir, 'caddy/pki/authorities/local/root.crt'));
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          ...{ host: '127.0.0.1', port, servername: DOMAIN, ca, agent: false, localAddress: from },
          ...{ path: `/v1/${path}`, headers: { host: DOMAIN, 'x-vault-token': token, ...headers } },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve({ status: response.statusCode!, text }));
        },
      );
      asked.on('error', reject).end();
    });
  }

  test('the one domain is served on 443, with a certificate of Let’s Encrypt by the proof on port 80', () => {
    const { admin, apps } = adapted();
    expect(admin.disabled).toBe(true);
    expect(apps.http.servers.srv0.listen).toEqual([':443']);
    expect(apps.tls.automation.policies[0].issuers[0]).toMatchObject({
      module: 'acme',
      ca: 'https://acme-v02.api.letsencrypt.org/directory',
      challenges: { 'tls-alpn': { disabled: true } },
    });
  });

  test('Vault knows who comes through it by his own address, whatever he says it is', async () => {
    const body = { policies: ['default'], ttl: '1h', explicit_max_ttl: '1h' };
    const role = { allowed_policies: ['default'], token_bound_cidrs: ['127.0.0.2/32'] };
    await vault.send({ method: 'POST', path: 'auth/token/roles/bound', token: root, body: role });
    const { auth } = await vault.send({ method: 'POST', path: 'auth/token/create/bound', token: root, body });
    const lookup = (from: string, headers = {}) => ask('auth/token/lookup-self', auth!.token, from, headers);
    expect((await lookup('127.0.0.2')).status).toBe(200);
    expect((await lookup('127.0.0.3')).status).toBe(403);
    expect((await lookup('127.0.0.3', { 'x-forwarded-for': '127.0.0.2' })).status).toBe(403);
  });

  test('what the VM’s own programs ask comes from loopback', async () => {
    const path = 'auth/token/lookup-self';
    expect((await vault.send({ method: 'GET', path, token: root })).data).toMatchObject({
      policies: ['root'],
    });
  });

  test('a Vault that is gone is an error that Caddy writes down, without the token that was brought', async () => {
    await vault.kill();
    const before = written.length;
    expect((await ask('auth/token/lookup-self', root)).status).toBe(502);
    await until(() => written.slice(before).includes('lookup-self'), 'the line in Caddy’s log');
    expect(written).toContain('"status":502');
    expect(written).not.toContain(root);
    expect(written).not.toMatch(/x-vault-token/i);
  });
});
