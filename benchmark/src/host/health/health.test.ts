import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { exampleHostConfig } from '../../contract/examples';
import { GPU_PROFILES } from '../../gpu-profiles';
import type { Ran, Run } from '../commands';
import { alert } from './alert';
import { above, below, worstOf, type Finding } from './check';
import { look, type Health } from './look';
import { diskCheck, gpuCheck, memoryCheck } from './machine-checks';
import { gaugesOf, metricsText } from './metrics';
import { clockCheck, modelServerCheck, tunnelCheck } from './reach-checks';
import { HealthServer } from './server';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const saying =
  (stdout: string): Run =>
  () =>
    Promise.resolve({ code: 0, stdout, stderr: '' });
const refusing =
  (more: Partial<Ran>): Run =>
  () =>
    Promise.resolve({ code: 1, stdout: '', stderr: '', ...more });

test('values are judged by their limits', () => {
  expect([0.5, 0.1, 0.01].map((part) => below(part, { warn: 0.15, fail: 0.03 }))).toEqual([
    'ok',
    'warn',
    'fail',
  ]);
  expect([1, 200, 601, Infinity].map((age) => above(age, { warn: 180, fail: 600 }))).toEqual([
    'ok',
    'warn',
    'fail',
    'fail',
  ]);
  expect(worstOf([{ status: 'ok' }, { status: 'fail' }, { status: 'warn' }])).toBe('fail');
  expect(worstOf([])).toBe('ok');
});

describe('memory', () => {
  test.each([
    [8_000_000, 'ok'],
    [1_000_000, 'warn'],
    [100_000, 'fail'],
  ])('of which %i kB are left is %s', (available, status) => {
    expect(
      memoryCheck(`MemTotal:       16000000 kB\nMemFree: 1 kB\nMemAvailable:    ${available} kB\n`),
    ).toMatchObject({
      status,
      gauges: [{ value: available * 1024 }, { value: 16_000_000 * 1024 }],
    });
  });

  test('and disk of this machine can be read', async () => {
    expect(memoryCheck().gauges[1]!.value).toBeGreaterThan(2 ** 20);
    const { message, gauges } = await diskCheck(tmpdir());
    expect(message).toMatch(/^\d+ % free of [\d.]+ GiB$/);
    expect(gauges[0]!.value).toBeLessThanOrEqual(gauges[1]!.value);
  });
});

describe('the GPU', () => {
  const a10g = GPU_PROFILES['a10g'];

  test('that should be there and does not answer is a failure, and is fine where there is none', async () => {
    const gone = refusing({ code: null, stderr: 'spawn nvidia-smi ENOENT' });
    expect(await gpuCheck(gone, a10g)).toMatchObject({
      status: 'fail',
      message: 'no GPU answers: spawn nvidia-smi ENOENT',
    });
    expect(await gpuCheck(gone, undefined)).toMatchObject({ status: 'ok', gauges: [] });
    expect(await gpuCheck(gone, GPU_PROFILES['cpu'])).toMatchObject({ status: 'ok' });
  });

  test('tells its temperature and memory, as far as it knows them', async () => {
    const { status, message, gauges } = await gpuCheck(
      saying('0, NVIDIA A10G, 60, 9000, 23028\n1, NVIDIA A10G, [N/A], 1, 2\n'),
      a10g,
    );
    expect({ status, message }).toEqual({ status: 'ok', message: 'NVIDIA A10G, NVIDIA A10G' });
    expect(gauges.map(({ name, value, labels }) => [name, labels!['gpu'], value])).toEqual([
      ['gpu_temperature_celsius', '0', 60],
      ['gpu_memory_used_bytes', '0', 9000 * 2 ** 20],
      ['gpu_memory_size_bytes', '0', 23028 * 2 ** 20],
      ['gpu_memory_used_bytes', '1', 2 ** 20],
      ['gpu_memory_size_bytes', '1', 2 * 2 ** 20],
    ]);
  });
});

test('a model server is there when it answers, also when it asks for a key', async () => {
  const status = { code: 200 };
  const url = await serving((_request, response) => void response.writeHead(status.code).end());
  const statuses = [];
  for (const code of [200, 401, 503]) {
    status.code = code;
    statuses.push((await modelServerCheck(url)).status);
  }
  expect(statuses).toEqual(['ok', 'ok', 'fail']);
  expect(await modelServerCheck('http://127.0.0.1:1')).toMatchObject({
    status: 'fail',
    message: expect.stringContaining('fetch failed'),
    gauges: [{ name: 'model_server_up', value: 0 }],
  });
  expect(await modelServerCheck(null)).toMatchObject({ status: 'ok', message: 'in the runner itself' });
});

describe('the tunnel', () => {
  const nowSeconds = 1_781_697_600;
  const { network } = exampleHostConfig;
  const check = (run: Run, topology: 'onboard' | 'remote-server' = 'remote-server') =>
    tunnelCheck(run, { network, topology }, () => nowSeconds * 1000);

  test.each([
    [30, 'ok'],
    [300, 'warn'],
    [700, 'fail'],
  ])('whose peer was heard %i s ago is %s', async (age, status) => {
    const found = await check(saying(`KEY=\t${nowSeconds - age}\n`));
    expect(found).toMatchObject({ status, message: `last handshakes: ${age} s ago` });
    expect(found!.gauges).toMatchObject([{ value: age, labels: { peer: 'KEY=' } }]);
  });

  test('whose peer was never heard is a failure where the run needs it, and a warning where it does not', async () => {
    expect(await check(saying('KEY=\t0\n'))).toMatchObject({
      status: 'fail',
      message: 'last handshakes: never',
      gauges: [],
    });
    expect(await check(saying('KEY=\t0\n'), 'onboard')).toMatchObject({ status: 'warn' });
    expect(await check(saying(''))).toMatchObject({ status: 'fail', message: 'no peer is known' });
  });

  test('that is not there is a failure, and nothing where none is wanted', async () => {
    const gone = refusing({ stderr: 'Unable to access interface: No such device\n' });
    expect(await check(gone)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('No such device'),
    });
    expect(await tunnelCheck(gone, { network: { kind: 'outbound' }, topology: 'onboard' })).toBeUndefined();
  });
});

test.each([
  [0, 'ok', 'as that of the server'],
  [-60, 'warn', '60 s behind'],
  [600, 'fail', '600 s ahead'],
])('a clock that is %i s ahead is %s', async (ahead, status, message) => {
  const url = await serving((_request, response) => {
    response.setHeader('date', new Date(Date.now() - ahead * 1000).toUTCString());
    response.end();
  });
  const found = await clockCheck(url);
  expect(found.status).toBe(status);
  const seconds = (text: string): number => Number(/^\d+/.exec(text)?.[0] ?? 0);
  expect(found.message.replace(/^\d+/, '')).toBe(message.replace(/^\d+/, ''));
  expect(Math.abs(seconds(found.message) - seconds(message))).toBeLessThanOrEqual(2);
});

test('a clock that nobody can be asked about is not known', async () => {
  expect(await clockCheck('http://127.0.0.1:1')).toMatchObject({
    status: 'warn',
    message: expect.stringMatching(/^not known: /),
  });
});

test('a look looks at everything', async () => {
  const url = await serving((_request, response) => void response.end('{"models":[]}'));
  const health = await look({
    config: { ...exampleHostConfig, dashboardUrl: url, gpuProfile: null },
    ...{ state: tmpdir(), env: {}, ownUrl: url, run: refusing({}) },
  });
  expect(health.findings.map(({ check }) => check)).toEqual([
    'disk',
    'memory',
    'gpu',
    'model-server',
    'tunnel',
    'clock',
  ]);
  expect(health.status).toBe('fail');
});

describe('metrics', () => {
  test('of one name stand together, are escaped, and need no finite value', () => {
    const label = { labels: { path: 'a"\\\n' } };
    expect(
      metricsText([
        { name: 'a_bytes', help: 'Of\na.', value: 1, ...label },
        { name: 'b', help: 'Of b.', value: Number.POSITIVE_INFINITY },
        { name: 'a_bytes', help: 'Of a.', value: 2.5, labels: { path: 'b', more: 'c' } },
      ]),
    ).toBe(
      [
        '# HELP he300_a_bytes Of\\na.',
        '# TYPE he300_a_bytes gauge',
        'he300_a_bytes{path="a\\"\\\\\\n"} 1',
        'he300_a_bytes{path="b",more="c"} 2.5',
        '# HELP he300_b Of b.',
        '# TYPE he300_b gauge',
        'he300_b +Inf',
        '',
      ].join('\n'),
    );
  });

  test('tell of each check how it is', () => {
    const findings: Finding[] = [{ check: 'disk', status: 'fail', message: '', gauges: [] }];
    expect(metricsText(gaugesOf(findings))).toContain('he300_health{check="disk"} 2\n');
  });
});

describe('over HTTP', () => {
  const health = (status: Health['status']): Health => ({
    status,
    at: '2026-06-17T12:00:00.000Z',
    findings: [],
  });
  let server: HealthServer;
  afterEach(() => server.close());

  async function at(status: Health['status'], onLook: () => void = () => undefined): Promise<string> {
    server = new HealthServer({
      port: 0,
      look: () => {
        onLook();
        return Promise.resolve(health(status));
      },
      gauges: () => [{ name: 'phase', help: 'The phase.', value: 1, labels: { phase: 'run' } }],
    });
    return `http://127.0.0.1:${await server.listen('127.0.0.1')}`;
  }

  test.each([
    ['ok', 200],
    ['warn', 200],
    ['fail', 503],
  ] as const)('a host that is %s answers %i', async (status, code) => {
    const response = await fetch(`${await at(status)}/healthz`);
    expect([response.status, await response.json()]).toEqual([code, health(status)]);
  });

  test('metrics are text, what is not known is not there, and who asks often gets one look', async () => {
    let looks = 0;
    const url = await at('ok', () => looks++);
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`${url}/metrics`)));
    expect(await answers[0]!.text()).toContain('he300_phase{phase="run"} 1\n');
    expect(answers[0]!.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(looks).toBe(1);
    expect((await fetch(`${url}/else`)).status).toBe(404);
  });

  test('a look that fails is an answer too', async () => {
    server = new HealthServer({ port: 0, look: () => Promise.reject(new Error('no disk')) });
    const response = await fetch(`http://127.0.0.1:${await server.listen('127.0.0.1')}/healthz`);
    expect([response.status, await response.text()]).toEqual([500, '{"error":"no disk"}\n']);
  });
});

test('an alert says what is wrong, and that it did not arrive', async () => {
  let said: { text?: string } = {};
  const url = await serving((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      said = JSON.parse(body) as typeof said;
      response.end();
    });
  });
  const findings: Finding[] = [
    { check: 'disk', status: 'fail', message: '1 % free', gauges: [] },
    { check: 'gpu', status: 'ok', message: 'none', gauges: [] },
  ];
  const health: Health = { status: 'fail', at: '2026-06-17T12:00:00.000Z', findings };
  expect(await alert(url, 'dev', health)).toBeUndefined();
  expect(said.text).toMatch(/^HE-300 host .* \(dev\): disk: 1 % free$/);
  expect(await alert('http://127.0.0.1:1', 'dev', health)).toContain('fetch failed');
  for (const shown of ['http://me:hook-secret@127.0.0.1:1/', 'hook-secret'])
    expect(await alert(shown, 'dev', health)).toBe('its URL is none, or holds a user name or a password');
});
