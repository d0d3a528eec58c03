import { loadEnvironment } from '../../../../environments';
import { Dashboard } from '../dashboard';
import { KvDouble } from '../kv.double';
import type { Context } from '../kind';
import { kindOf, kindsIn } from '.';
import { overlapHours } from './overlap';

const env = loadEnvironment('prod');
const now = () => new Date('2026-03-01T00:00:00Z');

test.each(['', 'paint', 'api-key', 'api-key/', 'api-key/a/b', 'api-key/A', 'wireguard/../jwt', 'toString'])(
  '%j is the name of none',
  async (what) => {
    await expect(kindOf(env, what, new KvDouble(now).secrets())).rejects.toThrow(
      `'${what}'; allowed: webhook, jwt, postgres, redis, api-key/<name>, wireguard/<end>`,
    );
  },
);

test('how often each is rotated, and which of them others make', async () => {
  const kv = new KvDouble(now);
  const secrets = kv.secrets();
  for (const name of ['dashboard', 'model-server', 'tailscale', 'somebody/else', 'Somebody'])
    await secrets.write(`he300/api-keys/${name}`, { api_key: 'x' }, undefined);
  await secrets.write('he300/wireguard/test-runner', { private_key: 'x' }, undefined);
  await secrets.write('he300/tunnel-peers/laptop', { public_keys: 'x' }, undefined);
  const kinds = await kindsIn(env, secrets);
  expect(kinds.map(({ what, intervalDays, byHand = false }) => [what, intervalDays, byHand])).toEqual([
    ['webhook', 90, false],
    ['jwt', 90, false],
    ['postgres', 7, false],
    ['redis', 30, false],
    ['api-key/dashboard', 30, false],
    ['api-key/model-server', 30, false],
    ['api-key/tailscale', 30, true],
    ['wireguard/test-runner', 90, false],
    ['wireguard/laptop', 90, true],
  ]);
  for (const { what, steps } of kinds) {
    expect(await kindOf(env, what, secrets)).toMatchObject({ what });
    expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  }
});

test('a host that began at the last moment has its run, and an hour, and a day for whoever goes on', () => {
  expect(overlapHours({ run: { ...env.run, timeLimitMinutes: 90 } })).toBe(24 + 2 + 1);
});

test('where the dashboard is must be known, and as whom it is asked', () => {
  const context = (variables: Context['variables'], url?: string) =>
    ({ env: { ...env, dashboard: { tier: 'none', url } }, variables }) as unknown as Context;
  expect(() => new Dashboard(context({ HE300_DASHBOARD_TOKEN: 'x' }))).toThrow(
    'environments/prod.ts: dashboard.url is not set; allowed: a dashboard, or HE300_DASHBOARD_URL',
  );
  expect(() => new Dashboard(context({}, 'https://he300.example.org'))).toThrow(
    'HE300_DASHBOARD_TOKEN is not set in the environment',
  );
});
