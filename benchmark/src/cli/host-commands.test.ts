/** The commands of a rented host, as far as they end at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleHostConfig } from '../contract/examples';
import { run } from './run';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-host-cli-'))));
afterEach(() => rmSync(dir, { recursive: true }));

async function he300(...argv: string[]) {
  const text = { stdout: '', stderr: '' };
  const code = await run(argv, {
    stdout: (t) => void (text.stdout += t),
    stderr: (t) => void (text.stderr += t),
    stop: AbortSignal.abort(),
  });
  return { code, ...text };
}

function config(more: object): string {
  const path = join(dir, 'host.json');
  writeFileSync(path, JSON.stringify({ ...exampleHostConfig, ...more }));
  return path;
}

describe.each(['host', 'health'])('he300 %s', (command) => {
  test('without host.json is one line', async () => {
    expect(await he300(command, '--config', join(dir, 'none.json'), '--state', dir)).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringMatching(/^he300: host: cannot read .*none\.json: ENOENT.*\n$/),
    });
  });

  test('with a host.json that is wrong names the field', async () => {
    const path = config({ timeLimitMinutes: 0 });
    expect(await he300(command, '--config', path, '--state', dir)).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringMatching(/^he300: host: .*host\.json: timeLimitMinutes: .*\n$/),
    });
  });
});

describe('he300 health', () => {
  let server: Server;
  let url: string;
  const alerts: string[] = [];
  beforeEach(async () => {
    alerts.splice(0);
    server = createServer((request, response) => {
      if (request.method === 'POST') alerts.push(request.url!);
      response.end('{"models":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const told = (modelUrl: string): string =>
    config({
      ...{ dashboardUrl: url, gpuProfile: null, network: { kind: 'outbound' } },
      modelServer: { kind: 'external', engine: 'ollama', url: modelUrl },
    });

  test('of a host that is well is a line a check, and code 0', async () => {
    const { code, stdout } = await he300(
      'health',
      '--config',
      told(url),
      '--state',
      dir,
      '--alert-webhook',
      `${url}/alert`,
    );
    expect(stdout).toMatch(/^ok {4}model-server {2}HTTP 200$/m);
    expect(stdout.trim().split('\n')).toHaveLength(5);
    expect([code, alerts]).toEqual([0, []]);
  });

  test('of one that is not has code 1, and tells whom it may concern', async () => {
    const path = told('http://127.0.0.1:1');
    const { code, stdout } = await he300(
      'health',
      '--config',
      path,
      '--state',
      dir,
      '--json',
      '--alert-webhook',
      `${url}/alert`,
    );
    expect(JSON.parse(stdout)).toMatchObject({ status: 'fail' });
    expect([code, alerts]).toEqual([1, ['/alert']]);
    const { stderr } = await he300(
      'health',
      '--config',
      path,
      '--state',
      dir,
      '--alert-webhook',
      'http://127.0.0.1:1',
    );
    expect(stderr).toMatch(/^he300: health: the alert did not arrive: fetch failed/);
  });
});

test.each([
  [{}, 'he300: deliver: no key; allowed: the environment’s webhook key in HE300_WEBHOOK_KEY\n'],
  [{ HE300_WEBHOOK_KEY: 'whsec_a' }, 'he300: deliver: no region; allowed: --region, or AWS_REGION\n'],
])('he300 deliver says what it lacks: %#', async (variables, stderr) => {
  const before = { ...process.env };
  delete process.env['AWS_REGION'];
  Object.assign(process.env, variables);
  try {
    const argv = ['deliver', 'dev-i-1', '--bucket', 'b', '--dashboard', 'http://127.0.0.1:1'];
    expect(await he300(...argv)).toEqual({ code: 1, stdout: '', stderr });
  } finally {
    process.env = before;
  }
});
