import fc from 'fast-check';
import { Hono } from 'hono';
import { testServer, bearer, type TestServer } from '../test-services';
import { addressOf } from './address';
import { RateLimit } from './rate-limit';

describe('secure headers', () => {
  let server: TestServer;
  afterEach(() => server.close());

  test('allow a page its own files only, and an answer of the API nothing at all', async () => {
    server = await testServer();
    const page = (await server.app.request('/openapi.json')).headers;
    expect(page.get('content-security-policy')).toBe(
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    const api = (await server.app.request('/api/session')).headers;
    expect(api.get('content-security-policy')).toMatch(/^default-src 'none'; .*; sandbox$/);
    expect(api.get('content-security-policy')).not.toContain('script-src');
    expect(api.get('cache-control')).toBe('no-store');
    for (const headers of [page, api])
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    expect(page.has('strict-transport-security')).toBe(false);
  });

  test.each(['/api/nothing', '/nothing', '/api/tokens'])('stand on refusals too: %s', async (path) => {
    server = await testServer({ config: { publicUrl: 'https://bench.example.org' } });
    const { headers, status } = await server.app.request(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers.get('content-security-policy')).toContain('default-src');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});

describe('the name of the host', () => {
  let server: TestServer;
  afterEach(() => server.close());
  const ask = async (host: string) =>
    (await server.app.request('/api/session', { headers: { host } })).status;

  test('must be this machine’s where only this machine can ask', async () => {
    server = await testServer();
    for (const host of ['127.0.0.1:8300', 'localhost:8300', '[::1]:8300', 'localhost'])
      expect(await ask(host)).toBe(200);
    for (const host of ['evil.example:8300', '127.0.0.1.evil.example', 'localhost.evil.example'])
      expect(await ask(host)).toBe(421);
  });

  test('may be the published one, and any where the network can ask', async () => {
    server = await testServer({ config: { publicUrl: 'https://bench.example.org' } });
    expect([await ask('bench.example.org'), await ask('evil.example')]).toEqual([200, 421]);
    await server.close();
    server = await testServer({ config: { host: '0.0.0.0' } });
    expect(await ask('10.1.2.3:8300')).toBe(200);
  });
});

describe('the limit of requests', () => {
  test('lets a tenth of a minute through at once, then as many as come back', () => {
    const limit = new RateLimit(60);
    const at = (seconds: number) => limit.take('a', seconds * 1000);
    expect([1, 2, 3, 4, 5, 6].map(() => at(0))).toEqual([0, 0, 0, 0, 0, 0]);
    expect([at(0), at(0.5), at(1), at(1)]).toEqual([1, 1, 0, 1]);
    expect(limit.take('b', 0)).toBe(0);
    expect(new RateLimit(0).take('a', 0)).toBe(0);
  });

  test('never lets more through than a full bucket and what has run in since', () => {
    const gaps = fc.array(fc.nat(5_000), { maxLength: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), gaps, (perMinute, waits) => {
        const limit = new RateLimit(perMinute);
        let [nowMs, taken] = [0, 0];
        for (const wait of waits) {
          nowMs += wait;
          if (limit.take('a', nowMs) === 0) taken += 1;
        }
        expect(taken).toBeLessThanOrEqual(Math.max(perMinute / 10, 1) + (perMinute * nowMs) / 60_000 + 1e-6);
      }),
    );
  });

  test('remembers no more senders than it may, and forgets whoever was away longest', () => {
    const limit = new RateLimit(10);
    limit.take('steady', 0);
    for (let i = 0; i < 25_000; i++) {
      limit.take(`sender ${i}`, 0);
      if (i % 5_000 === 0) limit.take('steady', 0);
    }
    expect(limit.size).toBe(10_000);
    expect(limit.take('steady', 0)).toBeGreaterThan(0);
    expect(limit.take('sender 0', 0)).toBe(0);
  });

  test('counts a token apart from its address, wrong tokens by address, and load balancers not at all', async () => {
    const server = await testServer({ config: { requestsPerMinute: 20 } });
    try {
      const ask = (path: string, headers = {}) => server.app.request(path, { headers });
      const statuses = async (n: number, headers = {}) => {
        const all: number[] = [];
        for (let i = 0; i < n; i++) all.push((await ask('/api/session', headers)).status);
        return all;
      };
      expect(await statuses(3, bearer('wrong'))).toEqual([401, 401, 429]);
      expect(await statuses(1)).toEqual([429]);
      expect(await statuses(3, bearer(server.tokens.viewer))).toEqual([200, 200, 429]);
      const refused = await ask('/api/session');
      expect(refused.headers.get('retry-after')).toBe('3');
      for (let i = 0; i < 10; i++) expect((await ask('/healthz')).status).toBe(200);
      server.turnClock(3);
      expect(await statuses(2)).toEqual([200, 429]);
    } finally {
      await server.close();
    }
  });
});

describe('the address of a sender', () => {
  const read = async (remoteAddress: string, forwarded: string | undefined, proxies: number) => {
    const app = new Hono().get('/', (c) => c.text(addressOf(c, proxies)));
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    return (await app.request('/', { headers }, { incoming: { socket: { remoteAddress } } })).text();
  };

  test.each([
    ['10.0.0.1', undefined, 0, '10.0.0.1'],
    ['::ffff:10.0.0.1', undefined, 0, '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
    ['2001:db8::1', undefined, 0, '2001:db8:0:0::/64'],
    ['fe80::1%eth0', undefined, 0, 'fe80:0:0:0::/64'],
    // Nobody is believed who is not trusted, nor what stands left of what the trusted ones have seen.
    ['10.0.0.1', '1.2.3.4', 0, '10.0.0.1'],
    ['10.0.0.1', '6.6.6.6, 1.2.3.4', 1, '1.2.3.4'],
    ['10.0.0.1', '6.6.6.6, 1.2.3.4, 5.5.5.5', 2, '1.2.3.4'],
    ['10.0.0.1', undefined, 1, '10.0.0.1'],
    ['10.0.0.1', '1.2.3.4', 3, '10.0.0.1'],
  ])('%s, forwarded %s, %i proxies: %s', async (socket, forwarded, proxies, expected) => {
    expect(await read(socket, forwarded, proxies)).toBe(expected);
  });
});
