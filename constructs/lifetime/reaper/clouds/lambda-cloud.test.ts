import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeWithSharedData } from '../../../../test/support/skip';
import { TAG } from '../../../naming/tags';
import { LAUNCHED_AT_TAG, lambdaCloud } from './lambda-cloud';
import { LambdaCloudClient, LambdaCloudUnavailable, LAUNCH_PATH } from './lambda-cloud-client';
import { API_KEY, instance, LambdaCloudDouble } from '../../../../test/support/lambda-cloud.double';

/** A clock that stands still and writes down how long it was asked to wait. */
class FakeClock {
  readonly waits: number[] = [];
  now = () => 1_000_000;
  sleep = async (ms: number) => void this.waits.push(ms);
}

const OURS = {
  [TAG.environment]: 'he300-dev',
  [TAG.timeLimitMinutes]: '60',
  [LAUNCHED_AT_TAG]: '2026-06-17T12:00:00Z',
};

describeWithSharedData('Lambda Cloud as its OpenAPI document describes it', (data) => {
  let double: LambdaCloudDouble;
  let clock: FakeClock;
  beforeEach(async () => {
    clock = new FakeClock();
    double = await LambdaCloudDouble.start(data);
  });
  afterEach(async () => {
    await double.stop();
    expect(double.faults).toEqual([]);
  });

  const cloud = (apiKey: () => Promise<string> = async () => API_KEY) =>
    lambdaCloud({ environment: 'he300-dev', apiKey, endpoint: double.endpoint, clock });

  describe('failures are one line', () => {
    test('a wrong key, which the line does not show', async () => {
      await expect(cloud(async () => 'wrong').hosts()).rejects.toThrow(
        expect.objectContaining({
          message: 'lambda cloud: GET /api/v1/instances: 401 global/invalid-api-key',
        }),
      );
      expect(double.requests).toHaveLength(1);
    });

    test('a key that cannot be had: no request is made', async () => {
      await expect(cloud(() => Promise.reject(new Error('no such parameter'))).hosts()).rejects.toThrow(
        'no such parameter',
      );
      expect(double.requests).toHaveLength(0);
    });

    test('an API that stays down is asked four times', async () => {
      double.trouble.push(503, 429, 'hang up', 500, 500);
      await expect(cloud().hosts()).rejects.toThrow(
        'lambda cloud: GET /api/v1/instances: 500 provider/internal-unavailable, 4 times in a row',
      );
      expect(double.requests).toHaveLength(4);
    });
  });

  test.each([429, 500, 503, 'hang up'] as const)('%s is tried again', async (trouble) => {
    double.trouble.push(trouble);
    await expect(cloud().hosts()).resolves.toEqual([]);
    expect(double.requests).toHaveLength(2);
  });

  test('requests made at once start a second apart', async () => {
    const one = cloud();
    await Promise.all([one.hosts(), one.hosts(), one.hosts()]);
    expect(clock.waits).toEqual([1000, 2000]);
  });

  test('retries come later and later, at random, and keep the pace as well', async () => {
    double.trouble.push(503, 503, 503);
    await cloud().hosts();
    const [first, , second, , third] = clock.waits as [number, number, number, number, number];
    expect(clock.waits).toEqual([first, 1000, second, 2000, third, 3000]);
    expect([first < 1000, second < 2000, third < 4000]).toEqual([true, true, true]);
    expect(new Set([first, second, third]).size).toBe(3);
  });

  test.each([
    { status: 400, code: 'provider/quota' },
    { status: 409, code: 'global/internal-error' },
  ])('%p, a failure behind the API, is tried again', async (trouble) => {
    double.trouble.push(trouble);
    await expect(cloud().hosts()).resolves.toEqual([]);
    expect(double.requests).toHaveLength(2);
  });

  describe('the key', () => {
    test.each(['', ' ', 'with space', 'with\nline', 'ключ'])(
      '%j goes nowhere, nor into words',
      async (key) => {
        const message = await cloud(async () => key)
          .hosts()
          .catch((error: Error) => error.message);
        expect(message).toMatch(
          /^lambda cloud: the API key is (empty|not plain text); allowed: visible ASCII/,
        );
        expect(double.requests).toHaveLength(0);
      },
    );

    test('may end with the line break of the file that it stood in', async () => {
      await expect(cloud(async () => `${API_KEY}\n`).hosts()).resolves.toEqual([]);
    });

    test('is taken out of what the API says', async () => {
      const server = createServer((_request, response) =>
        response
          .writeHead(400)
          .end(JSON.stringify({ error: { code: 'x', message: `no\n${API_KEY} ${'y'.repeat(500)}` } })),
      );
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const client = new LambdaCloudClient({ apiKey: async () => API_KEY, endpoint, clock });
      const error = await client.request('GET', '/api/v1/instances').catch((e: unknown) => e);
      server.closeAllConnections();
      server.close();
      expect(error).toMatchObject({ message: 'lambda cloud: GET /api/v1/instances: 400 x' });
      expect((error as { detail: string }).detail).toMatch(/^no \[key\] y{100,}$/);
      expect((error as { detail: string }).detail).toHaveLength(200);
    });
  });

  describe('a request that may be made once only', () => {
    const once = () =>
      new LambdaCloudClient({ apiKey: async () => API_KEY, endpoint: double.endpoint, clock }).request(
        'POST',
        '/api/v1/ssh-keys',
        { body: { name: 'key', public_key: 'ssh-ed25519 A' }, repeatable: false },
      );

    test.each([500, 'hang up', 'cut short', { status: 400, code: 'provider/timeout' }] as const)(
      '%p leaves it open whether it worked',
      async (trouble) => {
        double.trouble.push(trouble);
        await expect(once()).rejects.toThrow(LambdaCloudUnavailable);
        expect(double.requests).toHaveLength(1);
      },
    );

    test('429 says that it did not, so it is made again', async () => {
      double.trouble.push(429, 429);
      await once();
      expect(double.requests).toHaveLength(3);
    });
  });

  describe('the pace', () => {
    const client = (rates = {}) =>
      new LambdaCloudClient({ apiKey: async () => API_KEY, endpoint: double.endpoint, clock, ...rates });
    const launch = (one: LambdaCloudClient) =>
      one.request('POST', LAUNCH_PATH, { body: LAUNCH }).catch(() => undefined);
    const LAUNCH = { region_name: 'r', instance_type_name: 't', ssh_key_names: ['k'] };
    afterEach(() => {
      delete process.env.LAMBDA_CLOUD_REQUESTS_PER_SECOND;
      delete process.env.LAMBDA_CLOUD_LAUNCHES_PER_MINUTE;
    });

    test('of launches is one in twelve seconds, and of all requests one in each', async () => {
      const one = client();
      await Promise.all([launch(one), launch(one), one.request('GET', '/api/v1/regions')]);
      expect(clock.waits).toEqual([12_000, 13_000]);
    });

    test('can be another one, for an account that may do more or that others use too', async () => {
      Object.assign(process.env, {
        LAMBDA_CLOUD_REQUESTS_PER_SECOND: '0.5',
        LAMBDA_CLOUD_LAUNCHES_PER_MINUTE: '10',
      });
      const one = client();
      await Promise.all([launch(one), launch(one), one.request('GET', '/api/v1/regions')]);
      expect(clock.waits).toEqual([6000, 8000]);
    });

    test.each(['0', '-1', 'fast', 'Infinity'])('%s is none', (rate) => {
      process.env.LAMBDA_CLOUD_REQUESTS_PER_SECOND = rate;
      expect(() => client()).toThrow(
        `LAMBDA_CLOUD_REQUESTS_PER_SECOND: '${rate}'; allowed: a number above 0`,
      );
    });
  });

  describe('hosts', () => {
    test('are those of the environment that still cost money', async () => {
      double.instances.push(
        instance('a', OURS),
        instance('b', { ...OURS, [TAG.environment]: 'he300-prod' }),
        instance('c', {}),
        ...['terminated', 'terminating', 'preempted'].map((status) => instance(status, OURS, status)),
        instance('d', OURS, 'booting'),
        instance('e', OURS, 'unhealthy'),
      );
      expect((await cloud().hosts()).map(({ id }) => id)).toEqual(['a', 'd', 'e']);
    });

    test('carry what the API and the tags say of them', async () => {
      double.instances.push(instance('a', OURS));
      expect(await cloud().hosts()).toEqual([
        {
          id: 'a',
          cloud: 'lambda-cloud',
          region: 'us-west-1',
          instanceType: 'gpu_1x_a10',
          environment: 'he300-dev',
          state: 'active',
          launchedAt: new Date('2026-06-17T12:00:00Z'),
          timeLimitMinutes: 60,
          diskGb: undefined,
          usdPerHour: 0.75,
        },
      ]);
    });

    test.each(['', 'yesterday', '2026-06-17', '2026-06-17T12:00:00', '2026-13-17T12:00:00Z'])(
      'launched at %p have no launch time',
      async (launchedAt) => {
        double.instances.push(instance('a', { ...OURS, [LAUNCHED_AT_TAG]: launchedAt }));
        expect((await cloud().hosts())[0]!.launchedAt).toBeUndefined();
      },
    );
  });

  describe('to end a host', () => {
    test('ends that one', async () => {
      double.instances.push(instance('a', OURS), instance('b', OURS));
      await cloud().terminate('a');
      expect(double.instances.map(({ status }) => status)).toEqual(['terminated', 'active']);
    });

    test('that is gone already is no error', async () => {
      await expect(cloud().terminate('a')).resolves.toBeUndefined();
    });

    test('is no error either when the answer was lost and the retry finds it gone', async () => {
      double.instances.push(instance('a', OURS));
      double.trouble.push('hang up');
      double.troubleTakesEffect = true;
      await cloud().terminate('a');
      expect(double.instances[0]!.status).toBe('terminated');
      expect(double.requests).toHaveLength(2);
    });
  });
});

test.each([
  ['no list', '{"data":{}}', 'lambda cloud: GET /api/v1/instances: data is no list'],
  ['no data', '{}', 'lambda cloud: GET /api/v1/instances: answer without data'],
  ['no JSON', '<html>', 'lambda cloud: GET /api/v1/instances: answer without data'],
])('an answer with %s is one line, not a crash', async (_title, body, message) => {
  const server = createServer((_request, response) => void response.end(body));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const cloud = lambdaCloud({
      environment: 'he300-dev',
      apiKey: async () => API_KEY,
      endpoint,
      clock: new FakeClock(),
    });
    await expect(cloud.hosts()).rejects.toThrow(message);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
