import { alertUrlIn, noticeOf, sendNotice } from './notice';
import type { Report } from './rotate-all';

const fresh: Report = {
  ...{ what: 'jwt', did: 'nothing' },
  standing: { is: 'fresh', ageDays: 1, dueAt: new Date(0) },
};
const waits: Report = { what: 'redis', did: 'waits', step: 'remove', until: new Date(0) };

test('nobody is told that nothing happened', () => {
  expect(noticeOf('prod', [])).toBeUndefined();
  expect(noticeOf('prod', [fresh, waits])).toBeUndefined();
});

test('one line says what was rotated, what a person must do, and what failed', () => {
  const reports: Report[] = [
    { what: 'webhook', did: 'rotated', resumed: true },
    { what: 'jwt', did: 'rotated', resumed: false },
    { what: 'api-key/tailscale', did: 'told', needs: '31 days old' },
    { what: 'postgres', did: 'failed', error: 'no answer' },
    fresh,
  ];
  expect(noticeOf('prod', reports)).toEqual({
    text: 'HE-300 secrets (prod): rotated webhook, jwt; a person is needed for api-key/tailscale: 31 days old; postgres failed: no answer',
    environment: 'prod',
    rotated: ['webhook', 'jwt'],
    due: ['api-key/tailscale'],
    failed: [{ what: 'postgres', error: 'no answer' }],
  });
});

test.each([
  ['hooks/canary', 'is no URL of HTTP'],
  ['ftp://hooks.test/canary', 'is no URL of HTTP'],
  ['https://canary@hooks.test/', 'holds a user name or a password'],
  ['https://:canary@hooks.test/', 'holds a user name or a password'],
])('%j is refused as an address, and not shown', (url, fault) => {
  const given = () => alertUrlIn({ HE300_ALERT_URL: url });
  expect(given).toThrow(`HE300_ALERT_URL ${fault}; allowed: https://…, with what is secret in its path`);
  expect(given).not.toThrow('canary');
});

test('an address is wanted by nobody who gives none', () => {
  expect(alertUrlIn({})).toBeUndefined();
  expect(alertUrlIn({ HE300_ALERT_URL: '' })).toBeUndefined();
  expect(alertUrlIn({ HE300_ALERT_URL: 'https://hooks.test/a\n' })!.href).toBe('https://hooks.test/a');
});

test('an address where nobody is, is not shown', async () => {
  const notice = noticeOf('prod', [{ what: 'jwt', did: 'rotated', resumed: false }])!;
  const why = await sendNotice(new URL('http://127.0.0.1:9/hooks/canary'), notice);
  expect(why).toEqual(expect.any(String));
  expect(why).not.toContain('canary');
});
