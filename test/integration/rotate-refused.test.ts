/** `npm run rotate` by whoever may not, or asks wrongly; and how long a login lasts. In a process of its own, on a real Vault. */
import { namesOf } from '../../constructs/naming/names';
import { loadEnvironment } from '../../environments';
import { vaultSession } from '../../ops/lib/vault-login';
import { until } from '../support/cloud';
import { jobOf, RotateCommand, type Variables } from '../support/rotate-command';
import { describeWithTools } from '../support/skip';
import { withVault } from '../support/vault';

const LIMIT_MS = 300_000;

describeWithTools(['vault'], 'npm run rotate, refused', ({ vault }) => {
  const server = withVault(vault);
  let command: RotateCommand;
  beforeAll(async () => {
    command = await RotateCommand.prepare(server());
  }, LIMIT_MS);
  beforeEach(() => void command.hearer.heard.splice(0));
  afterAll(() => command?.end());

  describe('what is asked wrongly changes nothing, and is said in a line', () => {
    test.each<[string, readonly string[], Variables, number, RegExp]>([
      [
        'no kind',
        ['prod', 'paint'],
        {},
        2,
        /^rotate: 'paint'; allowed: webhook, jwt, postgres, redis, api-key\/<name>, wireguard\/<end>\n$/,
      ],
      ['a path for a name', ['prod', 'api-key/../jwt'], {}, 2, /^rotate: 'api-key\/\.\.\/jwt'; allowed: /],
      ['neither kind nor --due', ['prod'], {}, 2, /^rotate: either <what> or --due; see --help\n$/],
      ['kind and --due', ['prod', 'jwt', '--due'], {}, 2, /^rotate: either <what> or --due; see --help\n$/],
      ['--due with a value', ['prod', '--due', '--value-file', '-'], {}, 2, /^rotate: --due takes neither/],
      [
        'an environment without Vault',
        ['dev', 'jwt'],
        {},
        1,
        /^rotate: environments\/dev\.ts: secrets\.kind: ssm; allowed: vault, /,
      ],
      [
        'nobody',
        ['prod', 'jwt'],
        { ACTIONS_ID_TOKEN_REQUEST_URL: '' },
        1,
        /^rotate: jwt: no login to Vault; allowed: VAULT_TOKEN, or a GitHub job with /,
      ],
      [
        'a token of nobody',
        ['prod', 'jwt'],
        { VAULT_TOKEN: 'canary-token' },
        1,
        /^rotate: jwt: vault: GET \S+ at \S+: .*(permission denied|invalid token)\n$/,
      ],
      [
        'a job whose bearer is wrong',
        ['prod', 'jwt'],
        { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'canary' },
        1,
        /^rotate: jwt: github: no OIDC token from \S+: HTTP 401\n$/,
      ],
      [
        'no administrator of the dashboard',
        ['prod', 'webhook'],
        { HE300_DASHBOARD_TOKEN: '' },
        1,
        /^rotate: webhook: HE300_DASHBOARD_TOKEN is not set in the environment\n$/,
      ],
      ['a key of others without a value', ['prod', 'api-key/tailscale'], {}, 3, /^$/],
      [
        'an empty value',
        ['prod', 'api-key/tailscale', '--value-file', '-'],
        {},
        2,
        /^rotate: --value-file: standard input holds 0 characters; allowed: /,
      ],
      [
        'no such file',
        ['prod', 'api-key/tailscale', '--value-file', 'not/there'],
        {},
        2,
        /^rotate: --value-file: cannot read not\/there: ENOENT\n$/,
      ],
      [
        'an address of notices that would be shown',
        ['prod', 'jwt'],
        { HE300_ALERT_URL: 'https://canary@127.0.0.1/' },
        1,
        /^rotate: HE300_ALERT_URL holds a user name or a password; allowed: https:\/\/…, with what is secret in its path\n$/,
      ],
      ['seconds that are none', ['prod', 'jwt', '--settle-seconds', '-1'], {}, 2, /^rotate: /],
      [
        'a Vault that is not there',
        ['prod', 'jwt'],
        { VAULT_ADDR: 'http://127.0.0.1:9' },
        1,
        /^rotate: jwt: vault: POST auth\/jwt-github\/login at http:\/\/127\.0\.0\.1:9: .+\n$/,
      ],
    ])(
      '%s',
      async (_, args, more, code, stderr) => {
        const before = await command.metadata();
        const called = await command.call(args, more);
        expect(called).toMatchObject({ code, stderr: expect.stringMatching(stderr) });
        expect(await command.metadata()).toEqual(before);
      },
      LIMIT_MS,
    );

    test(
      'a value where it is made here',
      async () => {
        const called = await command.call(['prod', 'jwt', '--value-file', '-'], {}, 'canary-of-a-value');
        expect(called).toMatchObject({
          ...{ code: 1, stdout: '' },
          stderr: 'rotate: jwt: its value is made here; allowed: none but for what others make\n',
        });
      },
      LIMIT_MS,
    );

    test.each(['jwt', '--due'])('a job of another workflow, and somebody hears of it: %s', async (what) => {
      const other = await jobOf(command.issuer, 'deploy.yml');
      const called = await command.call(['prod', what], other.variables);
      await other.close();
      expect(called.code).toBe(1);
      const refused = /vault: POST auth\/jwt-github\/login at \S+: .*job_workflow_ref/;
      expect(called.stderr).toMatch(new RegExp(`^rotate: ${what}: ${refused.source}.*\n$`));
      expect(command.hearer.heard).toMatchObject([
        { failed: [{ what, error: expect.stringMatching(refused) }], rotated: [] },
      ]);
    });
  });

  test(
    'a login as a job lasts longer than its token, and is ended; a token that a person brought is not',
    async () => {
      const env = loadEnvironment('prod');
      const { vault, job } = command;
      const path = `auth/jwt-github/role/${namesOf(env).vault.role('rotate')}`;
      const { data: role } = await vault.send({ method: 'GET', path });
      const goodFor = (ttl: string) =>
        vault.send({ method: 'POST', path, body: { ...role, token_ttl: ttl, token_max_ttl: ttl } });
      await goodFor('1s');
      const isGood = (token: string): Promise<boolean> =>
        vault.send({ method: 'GET', path: 'auth/token/lookup-self', token }).then(
          () => true,
          () => false,
        );
      const variables = { VAULT_ADDR: vault.address, ...job.variables };
      const session = vaultSession(env, 'rotate', variables);
      const first = await session.token();
      await until(async () => !(await isGood(first)), 'the first token expires');
      await goodFor('5m');
      const second = await session.token();
      expect([second === first, await isGood(second), (await session.token()) === second]).toEqual([
        ...[false, true, true],
      ]);
      await session.end();
      expect(await isGood(second)).toBe(false);

      const { auth } = await vault.send({ method: 'POST', path: 'auth/token/create', body: {} });
      const own = vaultSession(env, 'rotate', { ...variables, VAULT_TOKEN: auth!.token });
      expect(await own.token()).toBe(auth!.token);
      await own.end();
      expect(await isGood(auth!.token)).toBe(true);
    },
    LIMIT_MS,
  );

  // The last: nobody opens it again.
  test(
    'a sealed Vault is said in a line, and somebody hears of it',
    async () => {
      await command.vault.send({ method: 'POST', path: 'sys/seal' });
      expect(await command.call(['prod', '--due'])).toEqual({
        ...{ code: 1, stdout: '' },
        stderr: expect.stringMatching(
          /^rotate: --due: vault: POST auth\/jwt-github\/login at \S+: Vault is sealed\n$/,
        ),
      });
      expect(command.hearer.heard).toMatchObject([
        {
          text: expect.stringMatching(/^HE-300 secrets \(prod\): --due failed: vault: .+ Vault is sealed$/),
          failed: [{ what: '--due' }],
        },
      ]);
    },
    LIMIT_MS,
  );
});
