/** Rotations with consumers that live through them, on a real Vault and against the real dashboard, cut at every request. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify, SignJWT } from 'jose';
import { HOST_API_KEYS, VAULT_PATHS } from '../../benchmark/src/contract/vault';
import type { CreatedToken, NewToken, Token } from '../../dashboard/api/access';
import { generateRun } from '../../dashboard/bench/generated-run';
import type { Outcome } from '../../ops/lib/rotation/engine';
import { NeedsPerson } from '../../ops/lib/rotation/kind';
import { apiKeyKind } from '../../ops/lib/rotation/kinds/api-key';
import { jwtKind } from '../../ops/lib/rotation/kinds/jwt';
import { overlapHours } from '../../ops/lib/rotation/kinds/overlap';
import { webhookKind } from '../../ops/lib/rotation/kinds/webhook';
import { cutAtEveryRequest } from '../support/at-every-request';
import { DashboardProcess } from '../support/dashboard-process';
import { hostSecrets, LiveHost } from '../support/live-host';
import { withRotationWorld } from '../support/rotation-world';
import { describeWithTools } from '../support/skip';

const { webhookKey, jwtSigningKey, apiKey } = VAULT_PATHS;
const DASHBOARD_TOKEN_PATH = apiKey(HOST_API_KEYS.dashboard);
const LIMIT_MS = 300_000;

describeWithTools(['vault'], 'rotations with live consumers', ({ vault }) => {
  let directory: string;
  let dashboard: DashboardProcess;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'he300-rotate-'));
    const env = { HE300_PUBLIC_READ: 'false' };
    dashboard = await DashboardProcess.start({ dataDir: directory, environment: 'prod', env });
  }, LIMIT_MS);
  const world = withRotationWorld(vault, {
    variables: () => ({ HE300_DASHBOARD_URL: dashboard.url, HE300_DASHBOARD_TOKEN: dashboard.token }),
  });
  afterAll(async () => {
    await dashboard?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = generateRun(1, { environment: 'prod' });
  const hostNow = async () => new LiveHost(dashboard.url, await hostSecrets(world()), run);

  const rotated = (what: string): Promise<void> => world().rotateToTheEnd(kindOf(what));
  const rotateOnce = (what: string, changes = {}): Promise<Outcome> => world().rotate(kindOf(what), changes);
  const kindOf = (what: string) => {
    if (what === 'webhook') return webhookKind(world().env);
    return what === 'jwt' ? jwtKind() : apiKeyKind(world().env, what.slice('api-key/'.length));
  };

  async function askDashboard<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${dashboard.url}${path}`, {
      ...{ method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
      headers: { authorization: `Bearer ${dashboard.token}`, 'content-type': 'application/json' },
    });
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Each for the first time: then it makes what was not there. */
  beforeAll(async () => {
    for (const what of ['webhook', 'jwt', 'api-key/dashboard']) await rotated(what);
    // Heard once; again it is a repetition.
    expect(await (await hostNow()).deliver()).toBe(202);
    expect(await (await hostNow()).upload()).toBe(201);
  }, LIMIT_MS);

  describe('webhook key', () => {
    test(
      'a host that began before and one that begins now are heard at every moment',
      async () => {
        const cut = await cutAtEveryRequest({
          ...{ world: world(), kind: kindOf('webhook') },
          async consumers() {
            const before = await hostNow();
            const old = (await hostSecrets(world())).webhookKey;
            return {
              async inOverlap() {
                expect(await before.deliver()).toBe(200);
                expect(await (await hostNow()).deliver()).toBe(200);
              },
              async atTheEnd() {
                expect((await hostSecrets(world())).webhookKey).not.toBe(old);
                expect(await (await hostNow()).deliver()).toBe(200);
              },
            };
          },
        });
        // Its record, the dashboard and the secret, each read and written: both ways of hearing, both of dying.
        expect(cut).toBeGreaterThan(4 * 10);
        const stranger = new LiveHost(dashboard.url, { webhookKey: `whsec_${'A'.repeat(44)}` }, run);
        expect(await stranger.deliver()).toBe(401);
      },
      LIMIT_MS,
    );

    test('another rotation before the overlap has passed goes on with the one that is there', async () => {
      await expect(rotateOnce('webhook')).resolves.toMatchObject({
        ...{ did: 'waits', step: 'overlap' },
      });
      const before = await hostSecrets(world());
      await expect(rotateOnce('webhook')).resolves.toMatchObject({
        did: 'waits',
      });
      expect(await hostSecrets(world())).toEqual(before);
      world().hoursPass(overlapHours(world().env));
      await rotated('webhook');
    });

    test('a key that has leaked ends at once, also one that a rotation under way was begun with', async () => {
      const first = await hostNow();
      await rotateOnce('webhook');
      const second = await hostNow();
      expect([await first.deliver(), await second.deliver()]).toEqual([200, 200]);

      await rotateOnce('webhook', { leaked: true });
      expect([await first.deliver(), await second.deliver()]).toEqual([401, 401]);
      expect(await (await hostNow()).deliver()).toBe(200);
      expect(await world().unfinished()).toEqual([]);
    });

    test('and also when whoever said so is killed, and the next goes on without saying it', async () => {
      const before = await hostNow();
      await expect(killedBefore('dashboard', { leaked: true })).rejects.toThrow('killed');
      expect(await before.deliver()).toBe(200);
      await expect(rotateOnce('webhook')).resolves.toMatchObject({ did: 'rotated' });
      expect(await before.deliver()).toBe(401);
      expect(await (await hostNow()).deliver()).toBe(200);
    });

    test('where it rested until the dashboard took the key before no more, it takes both again, and that is said', async () => {
      const before = await hostNow();
      await expect(killedBefore('vault')).rejects.toThrow('killed');
      const next = (await world().read(VAULT_PATHS.rotation('webhook')))!['next_key'];
      // The dashboard has a clock of its own, which cannot be put forward: it forgets the key before by another way.
      for (const key of [`whsec_${'A'.repeat(44)}`, next])
        await askDashboard('PUT', '/api/webhook-keys/prod', { key, overlapHours: 0 });
      expect(await before.deliver()).toBe(401);

      world().hoursPass(overlapHours(world().env) + 1);
      expect(await rotateOnce('webhook')).toMatchObject({ did: 'waits', step: 'overlap' });
      expect(world().lines.at(-1)).toMatch(
        /^webhook: the rotation rested, and the dashboard takes the key of hosts until \S+Z: it has refused hosts since then; /,
      );
      expect([await before.deliver(), await (await hostNow()).deliver()]).toEqual([200, 200]);
      await rotated('webhook');
    });

    const killedBefore = (step: string, changes = {}): Promise<Outcome> =>
      rotateOnce('webhook', {
        ...changes,
        progress: (line: string) => {
          if (line.startsWith(`webhook: ${step}:`)) throw new Error('killed');
        },
      });
  });

  describe('JWT signing key', () => {
    test(
      'what was signed before and what is signed now verify at every moment, for a day',
      async () => {
        const cut = await cutAtEveryRequest({
          ...{ world: world(), kind: kindOf('jwt') },
          async consumers() {
            const before = await sign();
            return {
              async inOverlap() {
                expect(await verify(before)).toBe('the subject');
                expect(await verify(await sign())).toBe('the subject');
              },
              async atTheEnd() {
                await expect(verify(before)).rejects.toThrow('no such key');
                expect(await verify(await sign())).toBe('the subject');
                expect(Object.keys((await world().read(jwtSigningKey))!).sort()).toEqual(['kid', 'secret']);
              },
            };
          },
        });
        expect(cut).toBeGreaterThan(4 * 10);
      },
      LIMIT_MS,
    );

    test('a key that has leaked verifies nothing from then on', async () => {
      const before = await sign();
      await rotateOnce('jwt', { leaked: true });
      await expect(verify(before)).rejects.toThrow('no such key');
      expect(await verify(await sign())).toBe('the subject');
    });

    /** As CIRISNode would: the key is read when it is used. */
    async function sign(): Promise<string> {
      const { kid, secret } = (await world().read(jwtSigningKey))!;
      return new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', kid: kid! })
        .setSubject('the subject')
        .sign(Buffer.from(secret!, 'base64url'));
    }

    async function verify(jwt: string): Promise<string | undefined> {
      const fields = (await world().read(jwtSigningKey))!;
      const keyOf = ({ kid }: { kid?: string }) => {
        const until = new Date(fields['previous_valid_until'] ?? 0);
        if (kid === fields['kid']) return Buffer.from(fields['secret']!, 'base64url');
        if (kid === fields['previous_kid'] && world().now() < until)
          return Buffer.from(fields['previous_secret']!, 'base64url');
        throw new Error('no such key');
      };
      return (await jwtVerify(jwt, keyOf, { algorithms: ['HS256'] })).payload.sub;
    }
  });

  describe("hosts' token of the dashboard", () => {
    test(
      'a host that began before and one that begins now upload at every moment, and no token is left over',
      async () => {
        const cut = await cutAtEveryRequest({
          ...{ world: world(), kind: kindOf('api-key/dashboard') },
          async consumers() {
            const before = await hostNow();
            return {
              async inOverlap() {
                expect(await before.upload()).toBe(200);
                expect(await (await hostNow()).upload()).toBe(200);
              },
              async atTheEnd() {
                expect(await before.upload()).toBe(401);
                expect(await (await hostNow()).upload()).toBe(200);
                expect(await runnerTokens()).toHaveLength(1);
              },
            };
          },
        });
        expect(cut).toBeGreaterThan(4 * 15);
      },
      LIMIT_MS,
    );

    test('a token that somebody made by hand is replaced, and revoked after the overlap', async () => {
      const [made] = await runnerTokens();
      const byHand = await newToken({
        ...{ name: 'made by hand', role: 'runner', environment: world().env.name },
      });
      await world().write(DASHBOARD_TOKEN_PATH, { api_key: byHand.secret });
      const before = await hostNow();
      await rotateOnce('api-key/dashboard');
      expect(await before.upload()).toBe(200);
      await rotated('api-key/dashboard');
      expect(await before.upload()).toBe(401);
      // Which one is of no use any more, only that person knows.
      expect((await runnerTokens()).map(({ id }) => id)).toContain(made!.id);
    });

    test('where two tokens have the name of the one before, a person revokes it, and the rotation ends with that', async () => {
      const named = { name: 'twice', role: 'runner', environment: world().env.name } as const;
      const [other, own] = [await newToken(named), await newToken(named)];
      await world().write(DASHBOARD_TOKEN_PATH, { api_key: own.secret });
      const before = await hostNow();
      await rotateOnce('api-key/dashboard');
      const needed = rotateOnce('api-key/dashboard', { leaked: true });
      await expect(needed).rejects.toThrow(
        "api-key/dashboard: 2 tokens are named 'twice', and one of them is what hosts had; allowed: revoke that one",
      );
      await expect(needed).rejects.toBeInstanceOf(NeedsPerson);
      expect(await before.upload()).toBe(200);

      await askDashboard('DELETE', `/api/tokens/${own.id}`);
      await expect(rotateOnce('api-key/dashboard')).resolves.toMatchObject({ did: 'rotated' });
      expect(await before.upload()).toBe(401);
      expect(await (await hostNow()).upload()).toBe(200);
      expect((await runnerTokens()).map(({ id }) => id)).toContain(other.id);
      expect(await world().unfinished()).toEqual([]);
    });

    const newToken = (wanted: NewToken): Promise<CreatedToken> => askDashboard('POST', '/api/tokens', wanted);

    const runnerTokens = async (): Promise<Token[]> =>
      (await dashboard.json<Token[]>('/api/tokens')).filter(
        ({ role, revokedAt }) => role === 'runner' && revokedAt === null,
      );
  });

  test('two that rotate the same at once leave one value, and consumers that never fail', async () => {
    for (let round = 0; round < 5; round++) {
      const before = await hostNow();
      await Promise.allSettled([1, 2, 3].map(() => rotateOnce('api-key/dashboard')));
      expect(await before.upload()).toBe(200);
      expect(await (await hostNow()).upload()).toBe(200);
      await rotated('api-key/dashboard');
      expect(await (await hostNow()).upload()).toBe(200);
    }
  });

  test('when a value was made is kept as metadata beside what others keep there', async () => {
    const path = `${world().env.secrets.mount}/metadata/${jwtSigningKey}`;
    await world().vault.send({ method: 'POST', path, body: { custom_metadata: { owner: 'somebody' } } });
    const before = world().now();
    await rotated('jwt');
    const { data } = await world().vault.send<{ custom_metadata: Record<string, string> }>({
      method: 'GET',
      path,
    });
    expect(data.custom_metadata).toMatchObject({ owner: 'somebody', rotated_version: expect.any(String) });
    const at = new Date(data.custom_metadata['rotated_at']!);
    // Not when its overlap has passed: a day later by then.
    expect(at.getTime() - before.getTime()).toBeLessThan(3_600_000);
  });

  test('a record of a step that there is not, or of no rotation, changes nothing', async () => {
    const before = await world().read(webhookKey);
    await world().write(VAULT_PATHS.rotation('webhook'), { id: 'x', step: 'vault' });
    await expect(rotateOnce('webhook')).rejects.toThrow(
      'webhook: he300/rotation/webhook in Vault is no record of a rotation; allowed: delete it',
    );
    const now = world().now().toISOString();
    await world().write(VAULT_PATHS.rotation('webhook'), {
      id: 'x',
      step: 'paint',
      step_at: now,
      started_at: now,
    });
    await expect(rotateOnce('webhook')).rejects.toThrow(
      'webhook: its record in Vault has come to the step paint; allowed: prepare, dashboard, vault, overlap',
    );
    await world().vault.send({
      ...{
        method: 'DELETE',
        path: `${world().env.secrets.mount}/metadata/${VAULT_PATHS.rotation('webhook')}`,
      },
    });
    expect(await world().read(webhookKey)).toEqual(before);
  });
});
