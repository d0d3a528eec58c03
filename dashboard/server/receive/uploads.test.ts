import { artifactPath, MAX_ARTIFACT_BYTES } from '@he300/benchmark/contract';
import { hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bearer, type TestServer } from '../test-services';
import type { SenderDouble } from './sender.double';
import { filesServer, REPORT, RESULTS, RUN, type FilesServer } from './test-files';

let files: FilesServer;
let server: TestServer;
let host: SenderDouble;
beforeEach(async () => {
  files = await filesServer();
  ({ server, host } = files);
});
afterEach(() => files.close());

const rows = () => server.store.db.selectFrom('artifact').selectAll().execute();
const filesIn = () => files.filesIn();
const get = (name: string, headers?: Record<string, string>) => files.get(name, headers);

describe('an upload that is not kept leaves no byte behind', () => {
  afterEach(async () => expect([await rows(), filesIn()]).toEqual([[], []]));

  test('other bytes than were announced', async () => {
    expect((await host.upload(REPORT, 'x', { sha256: hash('sha256', 'y') })).status).toBe(422);
    expect((await host.upload(REPORT, 'cut of', { sha256: hash('sha256', 'cut off') })).status).toBe(422);
  });

  test('too many bytes, whether their number is said or not', async () => {
    const large = Buffer.alloc(MAX_ARTIFACT_BYTES + 1);
    expect((await host.upload(REPORT, large)).status).toBe(413);
    const lying = await server.app.request(artifactPath(RUN, 'report.html'), {
      ...{ method: 'PUT', body: large },
      headers: { 'content-length': String(MAX_ARTIFACT_BYTES * 2), ...headersOf('text/html') },
    });
    expect(lying.status).toBe(413);
  });

  test('a sender that goes away in the middle', async () => {
    let pieces = 0;
    const body = new ReadableStream({
      pull: (controller) =>
        pieces++ < 3 ? controller.enqueue(Buffer.alloc(70_000)) : controller.error(new Error('gone')),
    });
    const init = { method: 'PUT', body, duplex: 'half', headers: headersOf('text/html') } as RequestInit;
    expect((await server.app.request(artifactPath(RUN, 'report.html'), init)).status).toBe(503);
  });

  test('a disk that is full: the sender is told to come again, and may', async () => {
    files.failure = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    expect((await host.upload(REPORT, 'a report')).status).toBe(503);
    expect([await rows(), filesIn()]).toEqual([[], []]);
    files.failure = undefined;
    expect((await host.upload(REPORT, 'a report')).status).toBe(201);
    await server.store.db.deleteFrom('artifact').execute();
    rmSync(join(files.directory, 'runs'), { recursive: true });
  });

  test.each([
    ['dev-i-1/../../x', 'report.html'],
    [RUN, '../../etc/passwd'],
    [RUN, '..'],
    [RUN, '.hidden'],
    [RUN, 'a\0b'],
    ['..', 'report.html'],
    ['nothing', 'report.html'],
  ])('a path that leads elsewhere: %j/%j', async (runId, name) => {
    const path = `/api/runs/${encodeURIComponent(runId)}/artifacts/${encodeURIComponent(name)}`;
    const init = { method: 'PUT', body: 'x', headers: headersOf('text/html') };
    expect([400, 404]).toContain((await server.app.request(path, init)).status);
  });

  test('a role that may only look, a token of another environment, and none', async () => {
    const body = JSON.stringify({ name: 'prod', role: 'runner', environment: 'prod' });
    const headers = { ...bearer(server.tokens.admin), 'content-type': 'application/json' };
    const prod = await server.app.request('/api/tokens', { method: 'POST', headers, body });
    const { secret } = (await prod.json()) as { secret: string };
    expect((await host.upload(REPORT, 'x', { token: secret })).status).toBe(403);
    expect((await host.upload(REPORT, 'x', { token: server.tokens.viewer })).status).toBe(403);
    expect((await host.upload(REPORT, 'x', { token: 'he300_no' })).status).toBe(401);
  });

  test('a kind, a type or a digest that the contract does not have', async () => {
    expect((await host.upload({ ...REPORT, kind: 'program' }, 'x')).status).toBe(400);
    expect((await host.upload({ ...REPORT, content_type: 'text/javascript' }, 'x')).status).toBe(400);
    expect((await host.upload(REPORT, 'x', { sha256: 'ab' })).status).toBe(400);
  });
});

const headersOf = (type: string): Record<string, string> => ({
  ...bearer(server.tokens.runner),
  'content-type': type,
  'he300-artifact-kind': 'report',
  'content-digest': `sha-256=:${hash('sha256', 'x', 'base64')}:`,
});

test('what is kept under a name stays', async () => {
  expect((await host.upload(REPORT, 'first')).status).toBe(201);
  expect((await host.upload(REPORT, 'first')).status).toBe(200);
  expect((await host.upload(REPORT, 'second')).status).toBe(409);
  expect(await (await get('report.html')).text()).toBe('first');
  expect(filesIn()).toEqual([hash('sha256', 'first')]);
  expect(await host.row()).toMatchObject({ state: 'PENDING', environment: 'dev' });
});

test('of two uploads at once one is kept, and the other is told so', async () => {
  const answers = await Promise.all([host.upload(REPORT, 'one'), host.upload(REPORT, 'two')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(filesIn()).toHaveLength(1);
  const same = await Promise.all(
    ['a', 'a', 'a'].map((text) => host.upload({ ...REPORT, name: 'log.txt' }, text)),
  );
  expect(same.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  expect(await (await get('log.txt')).text()).toBe('a');
});

test('a report is shown without scripts and without our origin, other files are handed over', async () => {
  await host.upload(REPORT, '<script>alert(1)</script>');
  await host.upload(RESULTS, '{}');
  const { headers } = await get('report.html');
  expect(headers.get('content-security-policy')).toMatch(/(^|; ?)sandbox(;|$)/);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
  expect(headers.get('content-security-policy')).not.toMatch(/allow-|script-src/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-disposition')).toBe('inline; filename="report.html"');
  expect((await get('results.json')).headers.get('content-disposition')).toBe(
    'attachment; filename="results.json"',
  );
});

test('gives ranges of a file, and says when it has not changed', async () => {
  await host.upload(REPORT, '0123456789');
  const ask = async (range: string, more: Record<string, string> = {}) => {
    const answer = await get('report.html', { range, ...more });
    return [answer.status, await answer.text(), answer.headers.get('content-range')];
  };
  expect(await ask('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
  expect(await ask('bytes=8-')).toEqual([206, '89', 'bytes 8-9/10']);
  expect(await ask('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10']);
  expect(await ask('bytes=-99')).toEqual([206, '0123456789', 'bytes 0-9/10']);
  expect(await ask('bytes=10-')).toEqual([416, '', 'bytes */10']);
  expect(await ask('bytes=-0')).toEqual([416, '', 'bytes */10']);
  for (const whole of ['bytes=4-2', 'bytes=0-1,3-4', 'bytes=-', 'lines=1-2'])
    expect((await ask(whole))[0]).toBe(200);
  expect((await ask('bytes=2-4', { 'if-range': '"another"' }))[0]).toBe(200);
  const etag = (await get('report.html')).headers.get('etag')!;
  expect((await get('report.html', { 'if-none-match': etag })).status).toBe(304);
  const head = await server.app.request(artifactPath(RUN, 'report.html'), {
    ...{ method: 'HEAD', headers: bearer(server.tokens.viewer) },
  });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
  expect((await get('nothing.txt')).status).toBe(404);
});
