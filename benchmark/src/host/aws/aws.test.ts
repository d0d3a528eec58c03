import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redactor } from '../log/redactor';
import { Secret } from '../log/secret';
import type { AwsError } from './client';
import { AwsClient } from './client';
import { credentialsProvider } from './credentials';
import { terminateInstance } from './ec2';
import { Imds } from './imds';
import { S3Bucket } from './s3';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const KEYS = { accessKeyId: 'id', secretAccessKey: new Secret('key'), sessionToken: undefined };
const clientAt = (endpoint: string, attempts = 4) =>
  new AwsClient({ credentials: () => Promise.resolve(KEYS), endpoint, attempts });

/** A role whose credentials end after so many minutes, as the metadata service would tell. */
function role(minutes: () => number, now: () => number) {
  let asked = 0;
  return {
    asked: () => asked,
    text: (path: string): Promise<string | undefined> => {
      if (path.endsWith('/')) return Promise.resolve('the-role');
      const Expiration = new Date(now() + minutes() * 60_000).toISOString();
      const [AccessKeyId, SecretAccessKey] = [`id-${++asked}`, `secret-${asked}`];
      return Promise.resolve(
        JSON.stringify({ AccessKeyId, SecretAccessKey, Token: 'session-token', Expiration }),
      );
    },
  };
}

describe('credentials of the role', () => {
  test('are asked for once, and again before they end', async () => {
    let now = Date.parse('2026-06-17T12:00:00Z');
    const imds = role(
      () => 60,
      () => now,
    );
    const fresh = credentialsProvider({}, imds, new Redactor(), () => now);
    const together = await Promise.all([fresh(), fresh(), fresh()]);
    expect(together.map(({ accessKeyId }) => accessKeyId)).toEqual(['id-1', 'id-1', 'id-1']);
    now += 54 * 60_000;
    expect((await fresh()).accessKeyId).toBe('id-1');
    now += 2 * 60_000;
    expect((await fresh()).accessKeyId).toBe('id-2');
  });

  test('that cannot be renewed hold to their end, and then it is said', async () => {
    let now = Date.parse('2026-06-17T12:00:00Z');
    const imds = role(
      () => 60,
      () => now,
    );
    const fresh = credentialsProvider({}, imds, new Redactor(), () => now);
    await fresh();
    imds.text = () => Promise.reject(new Error('the service is gone'));
    now += 58 * 60_000;
    expect((await fresh()).accessKeyId).toBe('id-1');
    now += 2 * 60_000;
    await expect(fresh()).rejects.toThrow(
      'AWS: no credentials: the service is gone; allowed: an instance role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  });

  test('of an instance without a role are none', async () => {
    const none = { text: () => Promise.resolve(undefined) };
    await expect(credentialsProvider({}, none, new Redactor())()).rejects.toThrow(
      /^AWS: no credentials: the instance has no role; /,
    );
  });

  test('give way to those in the environment', async () => {
    const env = {
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'canary-secret',
      AWS_SESSION_TOKEN: 'canary-token',
    };
    const redactor = new Redactor();
    const credentials = await credentialsProvider(
      env,
      role(() => 1, Date.now),
      redactor,
    )();
    expect(credentials.accessKeyId).toBe('a');
    expect(redactor.redact('canary-secret canary-token')).toBe('[secret] [secret]');
  });
});

describe('a request', () => {
  test('is sent again when the cause passes by itself, and not when it does not', async () => {
    const answers = [500, 503, 429, 200];
    const seen: number[] = [];
    const url = await serving((_request, response) => {
      const status = answers[seen.length] ?? 403;
      seen.push(status);
      response.writeHead(status).end();
    });
    const store = new S3Bucket(clientAt(url), 'bucket', 'us-east-1');
    await store.put('a', 'x', 'text/plain');
    expect(seen).toEqual(answers);
    await expect(store.put('a', 'x', 'text/plain')).rejects.toMatchObject({ status: 403 });
    expect(seen).toHaveLength(5);
  });

  test('throttled with a 400 is sent again', async () => {
    let asked = 0;
    const url = await serving((_request, response) => {
      if (++asked === 1) response.writeHead(400).end('{"__type":"com.amazonaws#ThrottlingException"}');
      else response.end('<currentState><code>32</code><name>shutting-down</name></currentState>');
    });
    await terminateInstance(clientAt(url), 'us-east-1', 'i-1');
    expect(asked).toBe(2);
  });

  test('that nobody answers says what was asked, and gives up', async () => {
    const url = await serving(() => undefined);
    await closers.pop()!();
    const store = new S3Bucket(clientAt(url, 2), 'bucket', 'us-east-1');
    await expect(store.get('a')).rejects.toThrow(
      /^s3: GET 127\.0\.0\.1:\d+\/bucket\/a: fetch failed: .*ECONNREFUSED/,
    );
  });

  test('that is redirected is an error: a signature is not shown to another server', async () => {
    let followed = false;
    const other = await serving((_request, response) => void ((followed = true), response.end()));
    const url = await serving((_request, response) => response.writeHead(307, { location: other }).end());
    await expect(new S3Bucket(clientAt(url), 'bucket', 'us-east-1').get('a')).rejects.toThrow('HTTP 307');
    expect(followed).toBe(false);
  });
});

test('an instance that stays after the call is an error', async () => {
  const url = await serving((_request, response) =>
    response.end('<currentState><code>16</code><name>running</name></currentState>'),
  );
  await expect(terminateInstance(clientAt(url), 'us-east-1', 'i-1')).rejects.toThrow(
    'ec2: i-1 is running after TerminateInstances',
  );
});

describe('the metadata service', () => {
  test('that is not there is said in one line', async () => {
    const url = await serving(() => undefined);
    await closers.pop()!();
    await expect(new Imds(url).text('meta-data/instance-id')).rejects.toThrow(
      new RegExp(`^instance metadata: ${url} does not answer: fetch failed: .*ECONNREFUSED`),
    );
  });

  test('is asked for a new token when it no longer takes the old one', async () => {
    let tokens = 0;
    const url = await serving((request, response) => {
      if (request.method === 'PUT') return void response.end(`token-${++tokens}`);
      const good = request.headers['x-aws-ec2-metadata-token'] === 'token-2';
      return void response.writeHead(good ? 200 : 401).end('i-1');
    });
    const imds = new Imds(url);
    await expect(imds.text('meta-data/instance-id')).rejects.toThrow('HTTP 401');
    expect(await imds.text('meta-data/instance-id')).toBe('i-1');
  });
});

test('on AWS itself a bucket has its own name, and an error carries no credentials', async () => {
  const asked: string[] = [];
  const fetchBefore = globalThis.fetch;
  globalThis.fetch = (url) => {
    asked.push(String(url));
    return Promise.resolve(new Response('<Error><Code>AccessDenied</Code></Error>', { status: 403 }));
  };
  try {
    const client = new AwsClient({ credentials: () => Promise.resolve(KEYS) });
    const error = await new S3Bucket(client, 'bucket', 'eu-west-1').get('a b/c').catch((e: AwsError) => e);
    expect(String(error)).toBe(
      'AwsError: s3: GET bucket.s3.eu-west-1.amazonaws.com/a%20b/c: HTTP 403 AccessDenied',
    );
  } finally {
    globalThis.fetch = fetchBefore;
  }
  expect(asked).toEqual(['https://bucket.s3.eu-west-1.amazonaws.com/a%20b/c']);
});
