import fc from 'fast-check';
import { freePort } from '../../../../test/support/free-port';
import { CliError } from '../../cli';
import { setLogin, tryLogin } from './postgres-logins';
import { hashOf, RedisAdmin, tryRedisLogin } from './redis-user';

const LOGIN = { username: 'he300_a', password: 'canary-of-the-user' };
const asked: readonly [string, string, (url: string) => Promise<unknown>][] = [
  ['postgres', 'DATABASE_ADMIN_URL', (url) => setLogin(url, LOGIN, 'he300')],
  ['postgres', 'DATABASE_ADMIN_URL', (url) => tryLogin(url, 'he300', LOGIN, 'he300')],
  ['redis', 'REDIS_ADMIN_URL', (url) => RedisAdmin.connected(url, (admin) => admin.name())],
  ['redis', 'REDIS_ADMIN_URL', (url) => tryRedisLogin(url, LOGIN)],
];

describe.each(asked)('the server %s, by %s', (scheme, variable, ask) => {
  test.each(['canary', 'https://canary@host', `${scheme}:canary`, ''])('is not asked at %j', async (url) => {
    const refused = ask(url);
    await expect(refused).rejects.toThrow(CliError);
    await expect(refused).rejects.toThrow(
      new RegExp(`^${variable} is no URL of a [PR][a-z]+; allowed: [^\\n]+$`),
    );
    await expect(refused).rejects.not.toThrow('canary');
  });

  test('that does not answer is told in a line, without a password', async () => {
    const port = await freePort();
    const refused = ask(`${scheme}://admin:canary@127.0.0.1:${port}/0`);
    await expect(refused).rejects.toThrow(CliError);
    await expect(refused).rejects.toThrow(
      new RegExp(
        `^${scheme}: (admin|he300_a) at 127\\.0\\.0\\.1:${port}: connect ECONNREFUSED 127\\.0\\.0\\.1:${port}$`,
      ),
    );
  });

  test('never shows what it was given for a URL', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ minLength: 12, unit: 'grapheme-ascii' }), async (text) => {
        const { message } = (await ask(`x${text}`).catch((error: unknown) => error)) as Error;
        expect(message).not.toContain(text);
      }),
      { numRuns: 50 },
    ));
});

test('the hash of a password is what sha256sum prints', () => {
  expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
