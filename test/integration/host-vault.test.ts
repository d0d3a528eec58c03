/** How a host logs in to a real Vault, and that who must not does not. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/cloud';
import { HOST_ROLE, SERVER_ID, type HostVault } from '../support/host-vault';
import { describeWithTools } from '../support/skip';
import { loginByAws, SERVER_ID_HEADER, signedQuestion } from '../support/vault-logins';
import { attemptsAtSecrets, said, withVaultedHosts } from '../support/vaulted-hosts';
import { canaries } from '../support/vm/secrets';

jest.setTimeout(120_000);

/** Of a host that waits for its dashboard at the end. */
const PATIENT = { argv: ['--report-patience', '60'] } as const;
const USED =
  /^secret id already used: vault: POST sys\/wrapping\/unwrap at http:\/\/127\.0\.0\.1:\d+: wrapping token is not valid or does not exist: somebody else unwrapped it, or it expired before this host came to it$/;

describeWithTools(['moto', 'vault'], 'a host whose secrets are in Vault', ({ vault: tool }) => {
  const hosts = withVaultedHosts(tool);
  const vault = (): HostVault => hosts().vault;

  describe('logs in as its instance’s role', () => {
    test('and runs, reports, and has given its token back', async () => {
      const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard()];
      const host = hosts().start(instance, { dashboard, secrets: vault().config(vault().awsLogin()) });
      await until(async () => (await vault().hostTokens()).length === 1, 'the host to log in');
      await hosts().expectComplete(host, instance, dashboard);
      expect(said(host, 'info')).toContain('the token for Vault is given back');
      expect(await vault().hostTokens()).toEqual([]);
    });

    test.each([
      [
        'a role that is not there',
        { role: 'he300-test-other', serverId: SERVER_ID },
        'entry for role he300-test-other not found',
      ],
      [
        'a server that is not this one',
        { role: HOST_ROLE, serverId: 'vault.example.com' },
        'error validating X-Vault-AWS-IAM-Server-ID header: expected "vault.example.org" but got "vault.example.com"',
      ],
    ])('but not for %s, and does not try again', async (_what, login, refusal) => {
      const instance = await hosts().instance();
      const host = hosts().start(instance, { secrets: vault().config(vault().awsLogin(login)) });
      expect(await hosts().causeOf(host, instance)).toBe(
        `vault: POST auth/aws/login at ${vault().server.address}: ${refusal}; ` +
          `the host logs in as ${login.role}, for the server ${login.serverId}`,
      );
      expect(attemptsAtSecrets(host)).toBe(1);
    });

    test('but not as another instance’s, and does not try again', async () => {
      const other = await hosts().world.instance(undefined, await vault().instanceRole('he300-test-other'));
      const host = hosts().start(other, { secrets: vault().config(vault().awsLogin()) });
      expect(await hosts().causeOf(host, other)).toMatch(
        /: IAM Principal "arn:aws:sts::123456789012:assumed-role\/he300-test-other\/i-\w+" does not belong to the role "he300-test-host"; /,
      );
      expect(attemptsAtSecrets(host)).toBe(1);
    });

    test('and Vault takes no login without the server’s name, or with one that is not signed', async () => {
      const { credentials } = hosts().role;
      const named = await signedQuestion(credentials, { [SERVER_ID_HEADER]: SERVER_ID });
      expect(await loginByAws(vault().server, HOST_ROLE, named)).toMatch(/^hvs\./);
      const nameless = await signedQuestion(credentials, {});
      await expect(loginByAws(vault().server, HOST_ROLE, nameless)).rejects.toThrow(
        'missing header "X-Vault-AWS-IAM-Server-ID"',
      );
      const headers = JSON.parse(Buffer.from(nameless.iam_request_headers, 'base64').toString()) as object;
      const added = JSON.stringify({ ...headers, [SERVER_ID_HEADER]: SERVER_ID });
      const unsigned = { ...nameless, iam_request_headers: Buffer.from(added).toString('base64') };
      await expect(loginByAws(vault().server, HOST_ROLE, unsigned)).rejects.toThrow("header wasn't signed");
      await vault().revokeHostTokens();
    });

    test('and once more when its token is lost in the middle of the run', async () => {
      await losesItsToken(() => vault().revokeHostTokens());
    });

    test('and once more when its token has expired in the middle of the run', async () => {
      await vault().letIn({ token_ttl: 4, token_explicit_max_ttl: 6 });
      await losesItsToken(() =>
        until(async () => (await vault().hostTokens()).length === 0, 'the token to expire'),
      );
    });

    /** The dashboard has a new key, which the host can only find out with a new token. */
    async function losesItsToken(lose: () => Promise<void>): Promise<void> {
      const { webhookKey } = canaries();
      const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard({ webhookKey })];
      const host = hosts().start(instance, {
        dashboard,
        secrets: vault().config(vault().awsLogin()),
        ...PATIENT,
      });
      await until(
        () => host.journal.includes('the dashboard does not take events'),
        'the dashboard to refuse',
      );
      await lose();
      await vault().keep({ ...hosts().world.secrets, webhookKey });
      await hosts().expectComplete(host, instance, dashboard);
      const logins = said(host, 'info').filter((message) => message === 'the host has logged in to Vault');
      expect(logins.length).toBeGreaterThanOrEqual(2);
      expect(said(host, 'warn').filter((message) => message.includes('Vault'))).toEqual([]);
    }
  });

  describe('logs in by a wrapped secret id', () => {
    test('which is good once: who comes second raises the alarm', async () => {
      const secrets = vault().config(await vault().appRoleLogin());
      const [first, second, dashboard] = [
        await hosts().instance(),
        await hosts().instance(),
        await hosts().world.dashboard(),
      ];
      const host = hosts().start(first, { dashboard, secrets });
      await hosts().expectComplete(host, first, dashboard);
      expect(await vault().hostTokens()).toEqual([]);
      const late = hosts().start(second, { secrets });
      expect(await hosts().causeOf(late, second)).toMatch(USED);
      expect(attemptsAtSecrets(late)).toBe(1);
    });

    test('which an interceptor had before: the host raises the alarm', async () => {
      const login = await vault().appRoleLogin();
      const unwrap = { method: 'POST', path: 'sys/wrapping/unwrap', token: login.wrappedSecretId } as const;
      await vault().server.send(unwrap);
      const instance = await hosts().instance();
      const host = hosts().start(instance, { secrets: vault().config(login) });
      expect(await hosts().causeOf(host, instance)).toMatch(USED);
    });

    test('which has expired: the alarm says that it may be that', async () => {
      const login = await vault().appRoleLogin(1);
      const lookup = {
        method: 'POST',
        path: 'sys/wrapping/lookup',
        body: { token: login.wrappedSecretId },
      } as const;
      await until(
        () =>
          vault()
            .server.send(lookup)
            .then(
              () => false,
              () => true,
            ),
        'the wrapping token to expire',
      );
      const instance = await hosts().instance();
      const host = hosts().start(instance, { secrets: vault().config(login) });
      expect(await hosts().causeOf(host, instance)).toMatch(USED);
    });

    test('and when its token is lost in the middle of the run, one warning, and the run goes on', async () => {
      let isRefusing = false;
      const [instance, dashboard] = [
        await hosts().instance(),
        await hosts().world.dashboard({ refuse: (index) => (index < 2 || isRefusing ? 401 : undefined) }),
      ];
      const host = hosts().start(instance, {
        dashboard,
        secrets: vault().config(await vault().appRoleLogin()),
        ...PATIENT,
      });
      await until(
        () => host.journal.includes('the dashboard does not take events'),
        'the dashboard to refuse',
      );
      isRefusing = true;
      await vault().revokeHostTokens();
      await until(() => host.journal.includes('is lost for good'), 'the host to notice');
      isRefusing = false;
      await hosts().expectComplete(host, instance, dashboard);
      const warnings = said(host, 'warn').filter((message) => message.includes('Vault'));
      expect(warnings).toEqual([
        'the token for Vault is lost for good: the run goes on with the secrets it has',
      ]);
    });

    test('and when its supervisor is killed and started again it goes on, and leaves nothing', async () => {
      const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard()];
      const [secrets, home] = [vault().config(await vault().appRoleLogin()), join(hosts().dir, 'restarted')];
      const memory = join(hosts().dir, 'run');
      mkdirSync(memory);
      const env = { RUNTIME_DIRECTORY: memory };
      const lost = hosts().start(instance, { dashboard, secrets, dir: home, env });
      await until(() => lost.journal.includes('the runs are claimed'), 'the host to know its runs');
      await until(() => readdirSync(memory).length === 1, 'the token to be kept');
      await lost.lose();
      const host = hosts().start(instance, { dashboard, secrets, dir: home, env });
      await hosts().expectComplete(host, instance, dashboard);
      expect([readdirSync(memory), await vault().hostTokens()]).toEqual([[], []]);
    });

    test('and without what was kept of it says so, which is no alarm', async () => {
      const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard()];
      const [secrets, home] = [
        vault().config(await vault().appRoleLogin()),
        join(hosts().dir, 'booted-again'),
      ];
      const lost = hosts().start(instance, { dashboard, secrets, dir: home });
      await until(() => lost.journal.includes('the host has logged in to Vault'), 'the login');
      await lost.lose();
      const host = hosts().start(instance, { secrets, dir: home });
      expect(await hosts().causeOf(host, instance)).toBe(
        'vault: the host was started again without the token of its one login; its secret id was good once',
      );
      await vault().revokeHostTokens();
    });
  });
});
