import { sql } from 'kysely';
import { bearer, testServer, type TestServer } from '../test-services';
import { CSRF_HEADER } from './csrf';

let server: TestServer;
afterEach(() => server.close());

const errorOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { error: string }).error,
];

describe('tokens', () => {
  test('lets nobody in with a token that is wrong, revoked, expired or of another scheme', async () => {
    server = await testServer();
    const { app, tokens } = server;
    const ask = (headers: Record<string, string>) => app.request('/api/tokens', { headers });

    const unknown = [401, 'the token is not known, or no longer valid'];
    expect(await errorOf(await ask(bearer('he300_wrong')))).toEqual(unknown);
    expect(await errorOf(await ask(bearer(tokens.admin.toUpperCase())))).toEqual(unknown);
    expect(await errorOf(await ask({ authorization: `Basic ${btoa(`x:${tokens.admin}`)}` }))).toEqual([
      401,
      'not signed in; send a token, or sign in',
    ]);

    const body = JSON.stringify({ name: 'for a day', role: 'admin', expiresInDays: 1 });
    const headers = { ...bearer(tokens.admin), 'content-type': 'application/json' };
    const made = await app.request('/api/tokens', { method: 'POST', headers, body });
    const { id, secret } = (await made.json()) as { id: string; secret: string };
    expect((await ask(bearer(secret))).status).toBe(200);
    server.turnClock(86_399);
    expect((await ask(bearer(secret))).status).toBe(200);
    server.turnClock(1);
    expect(await errorOf(await ask(bearer(secret)))).toEqual(unknown);

    const revoked = await app.request(`/api/tokens/${id}`, { method: 'DELETE', headers });
    expect(revoked.status).toBe(204);
    const again = await app.request(`/api/tokens/${id}`, { method: 'DELETE', headers });
    expect(await errorOf(again)).toEqual([404, `no valid token "${id}"`]);
  });

  test('keeps no secret: neither in the store, nor in the list, nor in the log', async () => {
    server = await testServer();
    const { app, tokens, store } = server;
    const headers = { ...bearer(tokens.admin), 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'ci', role: 'runner', environment: 'dev' });
    const made = await app.request('/api/tokens', { method: 'POST', headers, body });
    const { secret } = (await made.json()) as { secret: string };
    expect(secret).toMatch(/^he300_[\w-]{43}$/);

    const kept = [
      await store.db.selectFrom('token').selectAll().execute(),
      await store.db.selectFrom('audit').selectAll().execute(),
      await (await app.request('/api/tokens', { headers })).json(),
      server.logged,
    ];
    expect(JSON.stringify(kept)).not.toContain(secret);
    expect(JSON.stringify(kept)).not.toContain(tokens.admin);
  });

  test('lets a token read where the store takes nothing any more', async () => {
    server = await testServer();
    const { app, tokens, store } = server;
    await sql`create trigger full before update on token begin select raise(abort, 'disk is full'); end`.execute(
      store.db,
    );
    expect((await app.request('/api/runs', { headers: bearer(tokens.viewer) })).status).toBe(200);
  });

  test('says to the hour when a token was used', async () => {
    server = await testServer();
    const { app, tokens } = server;
    server.turnClock(100);
    await app.request('/api/session', { headers: bearer(tokens.viewer) });
    server.turnClock(3600);
    const list = await app.request('/api/tokens', { headers: bearer(tokens.admin) });
    const used = Object.fromEntries(
      ((await list.json()) as { name: string; lastUsedAt: string }[]).map((t) => [t.name, t.lastUsedAt]),
    );
    expect(used).toEqual({
      viewer: '2026-06-17T12:00:00.000Z',
      runner: null,
      admin: '2026-06-17T13:00:00.000Z',
    });
  });

  test('writes each change into the audit log with who made it', async () => {
    server = await testServer();
    const { app, tokens } = server;
    const headers = { ...bearer(tokens.admin), 'content-type': 'application/json' };
    for (const name of ['one', 'two', 'three'])
      await app.request('/api/tokens', {
        method: 'POST',
        headers,
        body: JSON.stringify({ name, role: 'viewer' }),
      });

    const read = async (query: string) =>
      (await (await app.request(`/api/audit?${query}`, { headers })).json()) as {
        items: { actor: string; action: string; detail: string }[];
        nextCursor: string | null;
      };
    const first = await read('limit=2&action=token.create');
    const second = await read(`limit=2&action=token.create&cursor=${first.nextCursor}`);
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
    const seen = [...first.items, ...second.items].map(({ actor, detail }) => `${actor}: ${detail}`);
    expect(seen.sort()).toEqual(
      ['one', 'three', 'two'].map((name) => `admin: ${name}, viewer, all environments`),
    );
    expect((await read('actor=nobody')).items).toEqual([]);
    const bad = await app.request('/api/audit?cursor=AAAA', { headers });
    expect(await errorOf(bad)).toEqual([400, expect.stringMatching(/^cursor does not belong to this list/)]);
  });
});

describe('sessions', () => {
  const json = { 'content-type': 'application/json' };

  async function signIn(role: 'viewer' | 'admin' = 'admin') {
    const body = JSON.stringify({ token: server.tokens[role] });
    const response = await server.app.request('/api/session', { method: 'POST', headers: json, body });
    const setCookie = response.headers.get('set-cookie')!;
    const { csrfToken } = (await response.json()) as { csrfToken: string };
    return { setCookie, cookie: setCookie.split(';')[0]!, csrfToken };
  }

  const newToken = (headers: Record<string, string>) =>
    server.app.request('/api/tokens', {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify({ name: 'x', role: 'viewer' }),
    });

  test('refuses to sign in with a wrong token, with a body that is none, and with none', async () => {
    server = await testServer();
    const send = (body: string) =>
      server.app.request('/api/session', { method: 'POST', headers: json, body });
    expect(await errorOf(await send('{"token":"wrong"}'))).toEqual([
      401,
      'the token is not known, or no longer valid',
    ]);
    expect((await send('{"token":""}')).status).toBe(400);
    expect((await send('{')).status).toBe(400);
    expect((await send('')).status).toBe(400);
  });

  test('sets a cookie that no script reads and no other site sends', async () => {
    server = await testServer();
    expect((await signIn()).setCookie).toMatch(
      /^he300=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  test('binds the cookie to this very host under https', async () => {
    server = await testServer({ config: { publicUrl: 'https://bench.example.org' } });
    expect((await signIn()).setCookie).toMatch(
      /^__Host-he300=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  test('changes nothing without the CSRF header, and nothing for another site', async () => {
    server = await testServer();
    const { cookie, csrfToken } = await signIn();
    const own = { cookie, [CSRF_HEADER]: csrfToken, host: '127.0.0.1:8300' };
    const missing = [403, 'he300-csrf is missing or wrong; load the page again'];
    const foreign = [403, 'another site asked for this change'];

    expect(await errorOf(await newToken({ cookie }))).toEqual(missing);
    expect(await errorOf(await newToken({ cookie, [CSRF_HEADER]: '' }))).toEqual(missing);
    expect(await errorOf(await newToken({ cookie, [CSRF_HEADER]: `${csrfToken}x` }))).toEqual(missing);
    for (const site of ['cross-site', 'same-site', 'none'])
      expect(await errorOf(await newToken({ ...own, 'sec-fetch-site': site }))).toEqual(foreign);
    for (const origin of ['https://evil.example', 'http://127.0.0.1:9999', 'null'])
      expect(await errorOf(await newToken({ ...own, origin }))).toEqual(foreign);

    expect((await newToken({ ...own, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await newToken({ ...own, origin: 'http://127.0.0.1:8300' })).status).toBe(201);
    expect((await newToken(own)).status).toBe(201);
  });

  test('does not take the CSRF header of another session', async () => {
    server = await testServer();
    const [mine, other] = [await signIn(), await signIn()];
    const mixed = await newToken({ cookie: mine.cookie, [CSRF_HEADER]: other.csrfToken });
    expect(mixed.status).toBe(403);
  });

  test('does not let another site sign somebody in', async () => {
    server = await testServer();
    const body = JSON.stringify({ token: server.tokens.viewer });
    const headers = { ...json, 'sec-fetch-site': 'cross-site' };
    const response = await server.app.request('/api/session', { method: 'POST', headers, body });
    expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
  });

  test('compares the origin with the published address behind a proxy', async () => {
    server = await testServer({ config: { publicUrl: 'https://bench.example.org' } });
    const { cookie, csrfToken } = await signIn();
    const own = { cookie, [CSRF_HEADER]: csrfToken, host: '127.0.0.1:8300' };
    expect((await newToken({ ...own, origin: 'http://127.0.0.1:8300' })).status).toBe(403);
    expect((await newToken({ ...own, origin: 'https://bench.example.org' })).status).toBe(201);
  });

  test('a token in a header needs no CSRF header, whatever the browser says', async () => {
    server = await testServer();
    const headers = { ...bearer(server.tokens.admin), 'sec-fetch-site': 'cross-site' };
    expect((await newToken(headers)).status).toBe(201);
  });

  test('ends with sign-out, with its week, and with its token', async () => {
    server = await testServer();
    const { app, tokens } = server;
    const who = async (cookie: string) =>
      ((await (await app.request('/api/session', { headers: { cookie } })).json()) as { name: string | null })
        .name;

    const first = await signIn();
    expect(await who(first.cookie)).toBe('admin');
    const headers = { cookie: first.cookie, [CSRF_HEADER]: first.csrfToken };
    const out = await app.request('/api/session', { method: 'DELETE', headers });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect(await who(first.cookie)).toBeNull();

    const second = await signIn('viewer');
    const list = await app.request('/api/tokens', { headers: bearer(tokens.admin) });
    const { id } = ((await list.json()) as { id: string; name: string }[]).find(
      ({ name }) => name === 'viewer',
    )!;
    await app.request(`/api/tokens/${id}`, { method: 'DELETE', headers: bearer(tokens.admin) });
    expect(await who(second.cookie)).toBeNull();

    const third = await signIn();
    server.turnClock(7 * 86_400);
    expect(await who(third.cookie)).toBeNull();
    await signIn();
    const kept = await server.store.db.selectFrom('session').selectAll().execute();
    expect(kept).toHaveLength(1);
  });
});
