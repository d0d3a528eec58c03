import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { testServer, type TestServer } from '../test-services';

let page: string;
let server: TestServer;
beforeEach(async () => {
  page = mkdtempSync(join(tmpdir(), 'he300-page-'));
  const docs = dirname(require.resolve('swagger-ui-dist/package.json'));
  server = await testServer({ directories: { page: join(page, 'web'), docs } });
});
afterEach(async () => {
  await server.close();
  rmSync(page, { recursive: true, force: true });
});

const get = async (path: string) => {
  const response = await server.app.request(path);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

function buildPage(): void {
  mkdirSync(join(page, 'web/assets'), { recursive: true });
  writeFileSync(join(page, 'web/index.html'), '<title>the page</title>');
  writeFileSync(join(page, 'web/icon.svg'), '<svg/>');
  writeFileSync(join(page, 'web/assets/index-abc123.js'), 'export {};');
  writeFileSync(join(page, 'secret.txt'), 'secret');
}

test('a page that is not built says how to build it, and the next request finds it', async () => {
  const { status, text } = await get('/runs');
  expect([status, text]).toEqual([503, expect.stringContaining('npm run build -w dashboard')]);
  buildPage();
  expect(await get('/runs')).toMatchObject({ status: 200, text: '<title>the page</title>' });
});

test('addresses of the page get the page, files themselves, and the rest nothing', async () => {
  buildPage();
  for (const path of ['/', '/runs', '/runs/dev-i-1', '/compare?runs=a,b', '/trends', '/sign-in']) {
    const { headers, ...answer } = await get(path);
    expect(answer).toEqual({ status: 200, text: '<title>the page</title>' });
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  }
  const script = await get('/assets/index-abc123.js');
  expect([script.status, script.headers.get('cache-control')]).toEqual([
    200,
    'public, max-age=31536000, immutable',
  ]);
  expect((await get('/icon.svg')).text).toBe('<svg/>');
  for (const path of ['/assets/index-old.js', '/assets/', '/nothing.png', '/api/nothing'])
    expect(await get(path)).toMatchObject({
      status: 404,
      text: expect.stringMatching(/^\{"error":"nothing is at GET /) as string,
    });
  expect((await server.app.request('/runs', { method: 'POST' })).status).toBe(404);
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/assets/%00',
])('no address leads out of the directory: %s', async (path) => {
  buildPage();
  const { status, text } = await get(path);
  expect(text).not.toContain('secret\n');
  expect(text).not.toBe('secret');
  expect(status).toBeLessThan(500);
});

test('the page of the API loads its own files only, and runs no inline script', async () => {
  const { status, text } = await get('/docs');
  expect(status).toBe(200);
  const scripts: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node && ['script', 'link'].includes(node.tagName)) {
      expect(node.childNodes).toEqual([]);
      scripts.push(node.attrs.find(({ name }) => name === 'src' || name === 'href')!.value);
    }
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parse(text));
  expect(scripts.shift()).toBe('data:,');
  expect(scripts).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js']);
  for (const path of scripts) expect((await get(path)).status).toBe(200);
  expect((await get('/docs/package.json')).text).not.toContain('swagger');
});

test('the document names who may call what, and both ways to be let in', async () => {
  const document = JSON.parse((await get('/openapi.json')).text) as {
    components: { securitySchemes: unknown };
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  expect(document.components.securitySchemes).toEqual({
    token: { type: 'http', scheme: 'bearer' },
    session: { type: 'apiKey', in: 'cookie', name: 'he300' },
  });
  expect(document.paths['/api/tokens']!['post']).toMatchObject({
    'x-he300-role': 'admin',
    security: [{ token: [] }, { session: [] }],
    requestBody: { content: { 'application/json': { schema: { required: ['name', 'role'] } } } },
  });
});

test('readiness asks the database, and tells nothing of it', async () => {
  expect(await get('/readyz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
  await server.store.db.destroy();
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    text: '{"error":"the database does not answer"}',
  });
  expect(await get('/healthz')).toMatchObject({ status: 200 });
  expect(server.logged.map(({ message }) => message)).toContain('the database does not answer');
});

test('a fault of ours is answered without its words, which are in the log', async () => {
  await server.store.db.schema
    .dropTable('token')
    .cascade()
    .execute()
    .catch(() => undefined);
  await server.store.db.schema.dropTable('session').ifExists().execute();
  await server.store.db.schema.dropTable('token').ifExists().execute();
  const response = await server.app.request('/api/session', { headers: { authorization: 'Bearer x' } });
  expect([response.status, await response.json()]).toEqual([
    500,
    { error: 'the server failed; its log says why' },
  ]);
  expect(JSON.stringify(server.logged)).toContain('no such table: token');
});

test('figures are by route, and not by address', async () => {
  const headers = { authorization: `Bearer ${server.tokens.viewer}` };
  for (const id of ['dev-a', 'dev-b']) await server.app.request(`/api/runs/${id}`, { headers });
  const metrics = await (await server.app.request('/metrics', { headers })).text();
  expect(metrics).toMatch(
    /he300_request_seconds_count\{method="GET",route="\/api\/runs\/:runId",status="404"\} 2/,
  );
  expect(metrics).not.toContain('dev-a');
});
