/** Direct mode, by a real Caddy: who gets through to the model server, as far as a machine without the internet can tell. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caddyfile } from '../../userdata/caddyfile';
import { until } from '../support/cloud';
import { freePort } from '../support/free-port';
import { describeWithTools } from '../support/skip';

jest.setTimeout(60_000);

const DOMAIN = 'gpu.example.org';
const KEY = 'key-of-the-model-api';

interface Site {
  readonly match: readonly [{ readonly host: readonly string[] }];
  readonly handle: unknown;
}
/** The part of Caddy's own configuration that is looked at: https://caddyserver.com/docs/json. */
interface CaddyConfig {
  readonly admin: { readonly disabled: boolean };
  readonly apps: {
    readonly http: {
      readonly servers: { readonly srv0: { readonly listen: string[]; readonly routes: readonly [Site] } };
    };
    readonly tls: {
      readonly automation: {
        readonly policies: readonly [
          {
            readonly issuers: readonly [
              { readonly module: string; readonly ca: string; readonly challenges: unknown },
            ];
          },
        ];
      };
    };
  };
}

describeWithTools(['caddy'], 'the gateway', ({ caddy }) => {
  let dir: string;
  let model: Server;
  let asked: IncomingHttpHeaders[];
  const processes: ChildProcess[] = [];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-gateway-'));
    model = createServer((request, response) => {
      asked.push(request.headers);
      response.end('answer');
    }).listen(0, '127.0.0.1');
    await once(model, 'listening');
  });
  beforeEach(() => (asked = []));
  afterAll(() => {
    for (const child of processes) child.kill('SIGKILL');
    model.close();
    rmSync(dir, { recursive: true });
  });

  function adapted(allow: readonly string[]): CaddyConfig {
    const path = join(dir, 'Caddyfile');
    writeFileSync(path, caddyfile({ domain: DOMAIN, allow, port: (model.address() as AddressInfo).port }));
    const { status, stdout, stderr } = spawnSync(
      caddy.path,
      ['adapt', '--config', path, '--adapter', 'caddyfile'],
      { encoding: 'utf8' },
    );
    expect({ status, warned: /"warn"/.test(stderr) }).toEqual({ status: 0, warned: false });
    return JSON.parse(stdout) as CaddyConfig;
  }

  test('serves the one domain on 443, with a certificate of Let’s Encrypt by the proof on port 80', () => {
    const { admin, apps } = adapted(['203.0.113.0/24']);
    expect(admin.disabled).toBe(true);
    const { listen, routes } = apps.http.servers.srv0;
    expect(listen).toEqual([':443']);
    expect(routes.map(({ match }) => match[0].host)).toEqual([[DOMAIN]]);
    const [issuer] = apps.tls.automation.policies[0].issuers;
    expect(issuer).toMatchObject({
      module: 'acme',
      ca: 'https://acme-v02.api.letsencrypt.org/directory',
      challenges: { 'tls-alpn': { disabled: true } },
    });
  });

  /** The same routes without a certificate, on a port of loopback. @returns its URL */
  async function started(allow: readonly string[], key: string): Promise<string> {
    const port = await freePort();
    const { routes } = adapted(allow).apps.http.servers.srv0;
    const server = { listen: [`127.0.0.1:${port}`], routes, automatic_https: { disable: true } };
    const config = { admin: { disabled: true }, apps: { http: { servers: { srv0: server } } } };
    const path = join(dir, `${port}.json`);
    writeFileSync(path, JSON.stringify(config));
    const env = { ...process.env, HE300_MODEL_API_KEY: key, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir };
    processes.push(spawn(caddy.path, ['run', '--config', path], { env, stdio: 'ignore' }));
    const url = `http://127.0.0.1:${port}`;
    await until(
      () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      'the gateway',
    );
    asked = [];
    return url;
  }

  /** Not by `fetch`, which names the site by the URL. @returns the status */
  const ask = (url: string, authorization?: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { host: DOMAIN, ...(authorization === undefined ? {} : { authorization }) };
      get(url, { headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      }).on('error', reject);
    });

  test('who is not on the list gets nothing, with the key neither', async () => {
    const url = await started(['203.0.113.0/24'], KEY);
    expect(await ask(url, `Bearer ${KEY}`)).toBe(403);
    expect(asked).toEqual([]);
  });

  test('who is on the list needs the key, whole and exact', async () => {
    const url = await started(['127.0.0.0/8'], KEY);
    for (const wrong of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      KEY,
      `Bearer ${KEY}x`,
      `bearer ${KEY}`,
      'Bearer *',
    ])
      expect(await ask(url, wrong)).toBe(401);
    expect(asked).toEqual([]);
    expect(await ask(url, `Bearer ${KEY}`)).toBe(200);
  });

  test('the server behind it sees neither the key nor the name of the site', async () => {
    const url = await started(['127.0.0.0/8'], KEY);
    await ask(url, `Bearer ${KEY}`);
    expect(asked).toHaveLength(1);
    expect(asked[0]).not.toHaveProperty('authorization');
    expect(asked[0]!.host).toBe(`127.0.0.1:${(model.address() as AddressInfo).port}`);
  });
});
