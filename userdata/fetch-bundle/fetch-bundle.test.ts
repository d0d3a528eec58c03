import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchBundle, type FetchOptions } from './fetch-bundle';

const BUNDLE = Buffer.from('console.log("he300")');
const sha256 = createHash('sha256').update(BUNDLE).digest('hex');
const config = {
  homeRegion: 'us-east-1',
  artifactBucket: 'artifacts',
  bundle: { key: 'bundles/x.mjs', sha256 },
};
const SECRET = 'secret-of-the-role';

let dir: string;
let server: Server;
/** What S3 answers; the metadata service answers as it should. */
let s3: (request: IncomingMessage, response: ServerResponse) => void;
let clock: number;
let lines: string[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'he300-fetch-'));
  clock = 0;
  lines = [];
  s3 = (_request, response) => response.end(BUNDLE);
  server = createServer((request, response) => {
    if (request.url?.startsWith('/latest/')) metadata(request, response);
    else s3(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true });
});

function metadata({ method, url, headers }: IncomingMessage, response: ServerResponse): void {
  if (method === 'PUT') response.end('token');
  else if (headers['x-aws-ec2-metadata-token'] !== 'token') response.writeHead(401).end();
  else if (url!.endsWith('/')) response.end('he300-dev-gpu-host\n');
  else response.end(JSON.stringify({ AccessKeyId: 'ASIA', SecretAccessKey: SECRET, Token: 'session' }));
}

const path = (): string => join(dir, 'opt/he300.mjs');
const options = (): FetchOptions => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: { AWS_ENDPOINT_URL: url, AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/` },
    log: (line) => void lines.push(line),
    now: () => clock,
    wait: (milliseconds) => Promise.resolve(void (clock += milliseconds)),
  };
};
const fetched = () => fetchBundle(config, path(), options());

test('a bundle other than the agreed one is refused at once, and nothing is left', async () => {
  s3 = (_request, response) => response.end('something else');
  await expect(fetched()).rejects.toThrow(
    /^bundles\/x\.mjs: its SHA-256 is [0-9a-f]{64}; allowed: [0-9a-f]{64}, which this host was told$/,
  );
  expect(existsSync(path())).toBe(false);
  expect(clock).toBe(0);
});

test('an answer that breaks off is no bundle', async () => {
  let times = 0;
  s3 = (_request, response) => {
    if (times++ > 0) return response.end(BUNDLE);
    response.writeHead(200, { 'content-length': BUNDLE.length });
    return response.write(BUNDLE.subarray(0, 5), () => response.destroy());
  };
  await fetched();
  expect(readFileSync(path())).toEqual(BUNDLE);
  expect(lines[0]).toMatch(/^attempt 1: terminated: .+; again in 1 s$/);
});

test('a store that is gone for two minutes and more is waited for', async () => {
  s3 = (_request, response) => void (clock < 400_000 ? response.writeHead(503).end() : response.end(BUNDLE));
  await fetched();
  expect(readFileSync(path())).toEqual(BUNDLE);
  expect(clock).toBeGreaterThan(400_000);
});

test('a store that stays away ends the waiting after ten minutes', async () => {
  s3 = (request) => request.socket.destroy();
  await expect(fetched()).rejects.toThrow(/^gave up after \d+ attempts: fetch failed: /);
  expect(clock).toBeGreaterThan(570_000);
  expect(clock).toBeLessThanOrEqual(600_000);
});

test('one that says no is asked for two minutes, for a role takes some seconds to hold', async () => {
  s3 = (_request, response) => void (clock < 60_000 ? response.writeHead(403).end() : response.end(BUNDLE));
  await fetched();
  s3 = (_request, response) => void response.writeHead(404).end();
  rmSync(path());
  clock = 0;
  await expect(fetched()).rejects.toThrow('s3://artifacts/bundles/x.mjs: HTTP 404');
  expect(clock).toBeLessThanOrEqual(120_000);
});

test('a metadata service that is late is waited for too', async () => {
  const late = options();
  const { AWS_EC2_METADATA_SERVICE_ENDPOINT: url } = late.env;
  let asked = 0;
  const env = {
    ...late.env,
    get AWS_EC2_METADATA_SERVICE_ENDPOINT() {
      return asked++ < 3 ? 'http://127.0.0.1:1' : url;
    },
  };
  await fetchBundle(config, path(), { ...late, env });
  expect(lines.filter((line) => line.startsWith('attempt'))).toHaveLength(3);
});

test('the request is signed with the role’s credentials, which no log line repeats', async () => {
  let headers: IncomingMessage['headers'] = {};
  let url = '';
  s3 = (request, response) => {
    ({ headers } = request);
    url = request.url!;
    response.end(BUNDLE);
  };
  await fetched();
  expect(url).toBe('/artifacts/bundles/x.mjs');
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=ASIA\/\d{8}\/us-east-1\/s3\/aws4_request, /,
  );
  expect(headers['x-amz-security-token']).toBe('session');
  expect(lines.join('\n')).not.toContain(SECRET);
});

test('a bundle that is there already is not fetched again, another one is', async () => {
  await fetched();
  s3 = (_request, response) => void response.writeHead(500).end();
  await fetched();
  expect(lines.at(-1)).toBe(`${path()} is there already`);
  s3 = (_request, response) => response.end(BUNDLE);
  writeFileSync(path(), 'half');
  await fetched();
  expect(readFileSync(path())).toEqual(BUNDLE);
});
