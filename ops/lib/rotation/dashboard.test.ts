import { loadEnvironment } from '../../../environments';
import { Dashboard } from './dashboard';
import type { Context } from './kind';

/** Of somebody who answers whatever he is asked. */
function dashboardThat(answer: () => Response): Dashboard {
  const variables = { HE300_DASHBOARD_URL: 'https://he300.test/at', HE300_DASHBOARD_TOKEN: 'a-token' };
  const [fetch, now] = [() => Promise.resolve(answer()), () => new Date(0)];
  return new Dashboard({ env: loadEnvironment('prod'), variables, fetch, now } as unknown as Context);
}

const asks: readonly [string, (dashboard: Dashboard) => Promise<unknown>][] = [
  ['PUT api/webhook-keys/prod', (it) => it.setWebhookKey('prod', { key: 'whsec_x' })],
  ['POST api/tokens', (it) => it.newToken({ name: 'hosts', role: 'runner' })],
  ['GET api/tokens', (it) => it.tokens()],
  ['DELETE api/tokens/1', (it) => it.revoke('1')],
  ['GET api/session', (it) => it.nameOf('a-secret')],
];

describe.each(asks)('%s', (what, ask) => {
  test.each([
    ['a page of a proxy', () => new Response('<html>canary</html>')],
    ['JSON of something else', () => Response.json({ secret: ['canary'] })],
    ['half of an answer', () => new Response('{"id": "canary')],
  ])('answered by %s: one line, which does not show it', async (_, answer) => {
    const asked = ask(dashboardThat(answer));
    await expect(asked).rejects.toThrow(
      `dashboard: ${what} at https://he300.test/at: HTTP 200, and no answer of a dashboard; allowed: `,
    );
    await expect(asked).rejects.not.toThrow(/canary|\n/);
  });

  test('refused with a page: the status is told', async () => {
    const asked = ask(dashboardThat(() => new Response('<html>canary</html>', { status: 502 })));
    await expect(asked).rejects.toThrow(/^dashboard: \S+ \S+ at https:\/\/he300\.test\/at: HTTP 502$/);
  });
});

test('what a newer dashboard adds to its answers is no fault', async () => {
  const nobody = { role: null, name: null, csrfToken: null, publicRead: false };
  const dashboard = dashboardThat(() => Response.json({ ...nobody, name: 'hosts', added: 1 }));
  expect(await dashboard.nameOf('a-secret')).toBe('hosts');
});

test('who is refused has no name', async () => {
  expect(await dashboardThat(() => new Response('{}', { status: 401 })).nameOf('a-secret')).toBeUndefined();
});
