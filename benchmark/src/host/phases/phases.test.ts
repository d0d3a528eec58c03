import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithSharedData } from '../../../../test/support/skip';
import { exampleHostConfig } from '../../contract/examples';
import { HOST_PATHS, type HostConfig } from '../../contract/host-config';
import { StoreDouble } from '../aws/store.double';
import type { Ran, Run } from '../commands';
import { Host } from '../host';
import { HostRun } from '../host-run';
import { Secret } from '../log/secret';
import { prepare } from './preflight';
import { serve } from './serve';
import { openTunnel } from './tunnel';

jest.setTimeout(30_000);

const never = new AbortController().signal;
const ok = (stdout = ''): Ran => ({ code: 0, stdout, stderr: '' });
const CLOSED = 'chain input {\n type filter hook input priority filter; policy drop;\n}';

let dir: string;
let store: StoreDouble;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'he300-phases-'));
  store = new StoreDouble();
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A host that has got as far as its secrets. */
function hostWith(
  config: Partial<HostConfig>,
  run: Run = () => Promise.resolve(ok()),
  modelApiKey = 'key',
): Host {
  const host = new Host(
    { ...exampleHostConfig, ...config },
    {
      ...{ state: join(dir, 'state'), instanceDataPath: '', env: {}, write: () => undefined, keep: false },
      ...{ reportPatienceSeconds: 5, heartbeatSeconds: 30, program: ['node', 'he300'], run, root: dir },
    },
  );
  Object.assign(host, { store });
  const secret = (value: string) => (value === '' ? null : new Secret(value));
  host.found.secrets = {
    ...{ webhookKey: null, dashboardToken: null, modelApiKey: secret(modelApiKey) },
    tailscaleAuthKey: secret('tskey-auth'),
  };
  host.found.identity = {
    ...{ instanceId: 'i-1', instanceType: 'g5.xlarge', region: 'us-east-1', market: 'spot' },
    ...{ launchedAt: null, publicAddress: null },
  };
  return host;
}

describe('the ways in', () => {
  const direct: HostConfig['network'] = { kind: 'direct', domain: 'gpu.example.org', allow: [] };
  const tailscale = { kind: 'tailscale', tag: 'tag:he300-gpu' } as const;

  test('there are none where the host only dials out', async () => {
    const asked: string[] = [];
    const run: Run = (program) => {
      asked.push(program);
      return Promise.resolve(ok());
    };
    await openTunnel(hostWith({ network: { kind: 'outbound' } }, run), never);
    expect(asked).toEqual([]);
  });

  test('a gateway gets its key in a file of its owner, behind a firewall that is closed', async () => {
    const run: Run = () => Promise.resolve(ok(CLOSED));
    await openTunnel(hostWith({ network: direct }, run), never);
    const path = join(dir, HOST_PATHS.gatewayEnvironment);
    expect(readFileSync(path, 'utf8')).toBe('HE300_MODEL_API_KEY=key\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a gateway without a key is not opened', async () => {
    const run: Run = () => Promise.resolve(ok(CLOSED));
    const opened = openTunnel(hostWith({ network: direct }, run, ''), never);
    await expect(opened).rejects.toThrow('secrets: no model-api-key; the gateway would let nobody in');
    expect(existsSync(join(dir, HOST_PATHS.gatewayEnvironment))).toBe(false);
  });

  test.each([
    [
      { code: 1, stdout: '', stderr: 'Error: No such file or directory\n' },
      /^firewall: no table inet he300: Error: No such file/,
    ],
    [ok(CLOSED.replace('drop', 'accept')), 'firewall: table inet he300 does not drop what it does not know'],
    [ok('chain forward {\n type filter hook forward priority filter; policy drop;\n}'), /does not drop/],
  ])('a firewall that is open is no firewall: %#', async (ran, message) => {
    const host = hostWith({ network: direct }, () => Promise.resolve(ran));
    await expect(openTunnel(host, AbortSignal.abort())).rejects.toThrow(message);
    expect(existsSync(join(dir, HOST_PATHS.gatewayEnvironment))).toBe(false);
  });

  test('a firewall that is late is waited for', async () => {
    const answers = [{ code: 1, stdout: '', stderr: 'Error: No such file or directory\n' }, ok(CLOSED)];
    await openTunnel(
      hostWith({ network: direct }, () => Promise.resolve(answers.shift()!)),
      never,
    );
    expect(answers).toEqual([]);
    expect(existsSync(join(dir, HOST_PATHS.gatewayEnvironment))).toBe(true);
  });

  test('a tailnet is joined by the unit that waits for the key', async () => {
    const states = ['activating', 'active'];
    const run: Run = (program, ...args) => {
      if (program === 'nft') return Promise.resolve(ok(CLOSED));
      expect(args).toEqual(['is-active', 'he300-tailnet.service']);
      return Promise.resolve(ok(`${states.shift()}\n`));
    };
    await openTunnel(hostWith({ network: tailscale }, run), never);
    const path = join(dir, HOST_PATHS.tailscaleAuthKey);
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['tskey-auth', 0o600]);
  });

  test('a tailnet that is not joined is said', async () => {
    const run: Run = (program) => Promise.resolve(ok(program === 'nft' ? CLOSED : 'failed\n'));
    await expect(openTunnel(hostWith({ network: tailscale }, run), never)).rejects.toThrow(
      'tunnel: he300-tailnet.service failed',
    );
  });
});

function claimed(host: Host, hostId = 'i-1'): Promise<HostRun> {
  const { log, redactor, outbox, options } = host;
  return HostRun.claim({
    ...{ runId: 'dev-i-1', hostId, store, log, redactor, state: options.state },
    model: exampleHostConfig.run.models[0]!,
    events: { outbox, notify: () => undefined },
  });
}

describe('preflight', () => {
  const starter = { ...exampleHostConfig.run, spec: 'starter', dataset: null } as const;

  test('writes down what asked for the run, on what and at what price', async () => {
    const host = hostWith({ run: starter });
    const hostRun = await claimed(host);
    const { provenanceFile, datasetDirectory } = await prepare(host, hostRun);
    expect(datasetDirectory).toBeNull();
    expect(JSON.parse(readFileSync(provenanceFile, 'utf8'))).toMatchObject({
      trigger: { kind: 'manual' },
      host: { kind: 'aws', id: 'i-1', instanceType: 'g5.xlarge', market: 'spot' },
      price: { usdPerHour: 1.033, capUsd: 4, timeLimitMinutes: 120 },
    });
    expect(statSync(join(hostRun.directory, 'key.pem')).mode & 0o777).toBe(0o600);
  });

  test('a specification without scenarios is refused', async () => {
    const host = hostWith({ run: { ...starter, spec: '1.0' } });
    await expect(prepare(host, await claimed(host))).rejects.toThrow(
      'run: specification 1.0 without a dataset; allowed: starter, or an import in the bucket',
    );
  });

  describeWithSharedData('with ETHICS', (data) => {
    test('scenarios come by their hash, once, and others are refused', async () => {
      const archive = join(dir, 'ethics.tar.gz');
      expect(spawnSync('tar', ['-czf', archive, '-C', data, 'ethics']).status).toBe(0);
      const bytes = readFileSync(archive);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const key = `datasets/${sha256}.tar.gz`;
      await store.put(key, bytes);
      const dataset = { key, sha256 };
      const host = hostWith({ run: { ...starter, spec: '1.0', dataset } });
      const { datasetDirectory } = await prepare(host, await claimed(host));
      expect(existsSync(join(datasetDirectory!, 'cm_test.csv'))).toBe(true);
      store.objects.delete(key);
      expect((await prepare(host, await claimed(host))).datasetDirectory).toBe(datasetDirectory);

      await store.put(key, 'another archive');
      const other = { key, sha256: 'b'.repeat(64) };
      const refusing = hostWith({ run: { ...starter, spec: '1.0', dataset: other } });
      await expect(prepare(refusing, await claimed(refusing))).rejects.toThrow(/^bucket: .* has SHA-256 /);
    });
  });

  test('a run that an earlier host completed, and told so, is settled; one that it could not tell of is told', async () => {
    const first = await claimed(hostWith({ run: starter }));
    mkdirSync(first.directory, { recursive: true });
    await store.put('runs/dev-i-1/files/plan.json', '{}');
    const signed = JSON.stringify({
      results: JSON.stringify({ partial: null }),
      publicKey: `${'A'.repeat(43)}=`,
      signature: `${'A'.repeat(86)}==`,
    });
    await store.put('runs/dev-i-1/artifacts/results.json', signed);
    rmSync(join(dir, 'state'), { recursive: true });

    const second = await claimed(hostWith({ run: starter }), 'i-2');
    await second.restore();
    expect([second.isSettled, second.isResumed]).toEqual([false, true]);
    expect(second.results()?.bytes.toString()).toBe(signed);

    const line = (fate: string): string => `${JSON.stringify({ type: 'run.completed', fate })}\n`;
    await store.put('runs/dev-i-1/events/0000.jsonl', line('waiting'));
    await second.restore();
    expect(second.isSettled).toBe(false);
    await store.put('runs/dev-i-1/events/0000.jsonl', line('sent'));
    await second.restore();
    expect(second.isSettled).toBe(true);
    writeFileSync(join(second.directory, 'results.json'), '{"results":');
    expect(second.results()).toBeUndefined();
  });
});

describe('a host that only serves', () => {
  function serving(ages: () => (number | null)[]): Host {
    const host = hostWith({ topology: 'remote-server' });
    host.found.server = { unit: null, probe: () => Promise.resolve() } as never;
    host.found.tunnel = {
      handshakeAges: () => Promise.resolve(new Map(ages().map((age, i) => [String(i), age]))),
    } as never;
    return host;
  }

  test('ends when nobody is at the other end any more', async () => {
    await serve(
      serving(() => [700, 601]),
      never,
    );
  });

  test('stays while somebody is, and until it must stop', async () => {
    const stop = new AbortController();
    let looks = 0;
    const host = serving(() => {
      if (++looks === 1) setImmediate(() => stop.abort(new Error('the host’s time is over')));
      return [700, 30];
    });
    await expect(serve(host, stop.signal)).rejects.toThrow('the host’s time is over');
  });
});

test('what a phase needs of one that failed is missed in one line', () => {
  writeFileSync(join(dir, 'x'), '');
  expect(() => hostWith({}).get('tunnel')).toThrow('host: tunnel is not known');
});
