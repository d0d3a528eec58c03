/** The synthesized Vault stack, put on a real Vault through its API, and what a check says when it differs. */
import fc from 'fast-check';
import { VaultClient, type VaultRequest } from '../../benchmark/src/vault';
import { namesOf } from '../../constructs/naming/names';
import { loadEnvironment } from '../../environments';
import { applyVaultStack, type Applied } from '../../ops/lib/vault/apply';
import { compareVaultStack, driftLine } from '../../ops/lib/vault/compare';
import { stackObjects, withoutVariables } from '../../ops/lib/vault/stack-objects';
import { newToken } from '../../ops/lib/vault/tokens';
import { githubIssuer, type GithubIssuer } from '../support/github-issuer';
import { describeWithTools } from '../support/skip';
import { withVault } from '../support/vault';
import { changes } from '../support/vault-changes';
import { FULL, stackWithIssuer } from '../support/vault-stacks';

const names = namesOf(FULL);
const host = names.vault.role('host');
const PASSWORD = 'canary-of-the-admin';
const CHANGES = changes('http://a.place.holder');

describeWithTools(['vault'], 'a Vault and its stack', ({ vault }) => {
  const server = withVault(vault);
  let issuer: GithubIssuer;
  beforeAll(async () => void (issuer = await githubIssuer()));
  afterAll(() => issuer.close());

  const json = () => stackWithIssuer(FULL, issuer.url);
  const access = () => ({
    client: new VaultClient({ address: server().address }),
    token: server().rootToken,
    names,
  });
  const variables = { postgres_admin_password: PASSWORD };
  const apply = () => applyVaultStack(json(), { ...access(), variables });
  const did = (what: Applied['did'], applied: readonly Applied[]) =>
    applied.filter((one) => one.did === what).map(({ path }) => path);
  const lines = async (token = server().rootToken) =>
    (await compareVaultStack(json(), { ...access(), token })).map(driftLine);
  const send = async (requests: readonly Omit<VaultRequest, 'token'>[]) => {
    for (const request of requests) await server().send(request);
  };
  const post = (path: string, body: VaultRequest['body'] = {}) =>
    server().send({ method: 'POST', path, body });
  const paths = () =>
    stackObjects(json()).map(({ object, attributes }) => object.path(attributes(withoutVariables)));

  test('an empty Vault lacks all of it', async () => {
    expect(await lines()).toEqual(paths().map((path) => `missing  ${path}`));
  });

  test('without the password that only a variable has nothing of the connection is made, and the next apply goes on', async () => {
    await expect(applyVaultStack(json(), access())).rejects.toThrow(
      'variable postgres_admin_password has no value; allowed: in TF_VAR_postgres_admin_password',
    );
    expect(await lines()).toContain('missing  database/config/he300-prod');
    const applied = await apply();
    expect(did('made', applied)).toContain('database/config/he300-prod');
    expect(did('kept', applied)).toContain('auth/approle/role/he300-prod-host');
  });

  test('a second apply finds nothing to do', async () => {
    const applied = await apply();
    expect(applied.map(({ path }) => path)).toEqual(paths());
    expect(did('kept', applied)).toEqual(paths());
    expect(await lines()).toEqual([]);
  });

  test('a change by hand is tried for each type that the stack has', () => {
    expect(CHANGES.map(({ type }) => type).sort()).toEqual(Object.keys(json().resource ?? {}).sort());
  });

  test.each(CHANGES.map(({ type, title }, index) => [type, title, index] as const))(
    '%s: %s is seen, and put right',
    async (_type, _title, index) => {
      const change = changes(issuer.url)[index]!;
      await send(change.requests);
      expect(await lines()).toEqual(change.lines.map((line) => expect.stringContaining(line) as string));
      expect(did('changed', await apply())).toHaveLength(1);
      expect(await lines()).toEqual([]);
    },
  );

  test('any of these changes together, in any order, are seen each and put right at once', async () => {
    const all = changes(issuer.url);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...all], { minLength: 1 }), async (some) => {
        for (const { requests } of some) await send(requests);
        const wanted = all.filter((change) => some.includes(change)).flatMap((change) => change.lines);
        const found = await lines();
        expect(found).toHaveLength(wanted.length);
        expect(found).toEqual(
          expect.arrayContaining(wanted.map((line) => expect.stringContaining(line) as string)),
        );
        await apply();
        expect(await lines()).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  const REMOVABLE = /\/(acl|role|roles)\/|^database\/config\/|^auth\/aws\/config|^sys\/audit\//;
  test('whatever is taken away is missed, and made again', async () => {
    const gone = paths().filter((path) => REMOVABLE.test(path));
    expect(gone.length).toBeGreaterThan(15);
    for (const path of gone) await server().send({ method: 'DELETE', path });
    expect(await lines()).toEqual(gone.map((path) => `missing  ${path}`));
    expect(did('made', await apply())).toEqual(gone);
    expect(await lines()).toEqual([]);
  });

  test('a method that is taken away takes its roles along, and is made again with them', async () => {
    await server().send({ method: 'DELETE', path: 'sys/auth/jwt-github' });
    expect(await lines()).toEqual([
      'missing  sys/auth/jwt-github',
      'missing  auth/jwt-github/config',
      ...['deploy', 'rotate', 'terraform-deploy'].map(
        (role) => `missing  auth/jwt-github/role/${names.vault.role(role as 'deploy')}`,
      ),
    ]);
    await apply();
    expect(await lines()).toEqual([]);
  });

  test('a mount of another type is left alone, and named', async () => {
    await server().send({ method: 'DELETE', path: 'sys/auth/approle' });
    await post('sys/auth/approle', { type: 'userpass', description: 'of somebody' });
    expect(await lines()).toContain('differs  sys/auth/approle: type: "userpass"; wanted: "approle"');
    await expect(apply()).rejects.toThrow(
      'sys/auth/approle: type is "userpass", and a mount keeps it; wanted: "approle"',
    );
    await server().send({ method: 'DELETE', path: 'sys/auth/approle' });
    await apply();
    expect(await lines()).toEqual([]);
  });

  describe('what is there and should not be', () => {
    const login = { auth_type: 'iam', bound_iam_principal_arn: ['arn:aws:iam::123456789012:role/x'] };
    const EXTRAS = [
      ['sys/policies/acl/he300-prod-old', { policy: 'path "x" {\n  capabilities = ["read"]\n}\n' }],
      ['auth/aws/role/he300-prod-old', { ...login, resolve_aws_unique_ids: false }],
      ['auth/approle/role/he300-prod-old', {}],
      ['database/roles/he300-prod-old', { db_name: 'he300-prod', creation_statements: ['SELECT 1'] }],
      ['sys/auth/he300-prod-userpass', { type: 'userpass' }],
    ] as const;

    test.each(EXTRAS)('%s', async (path, body) => {
      await post(path, body);
      expect(await lines()).toEqual([`extra    ${path}`]);
      await server().send({ method: 'DELETE', path });
      expect(await lines()).toEqual([]);
    });

    test('a role of another name that gives what is ours', async () => {
      const path = 'auth/approle/role/somebody';
      await post(path, { token_policies: [host, 'default'] });
      expect(await lines()).toEqual([`extra    ${path}: gives ${host}`]);
      await server().send({ method: 'DELETE', path });
    });

    test('what another environment has in the same Vault is its own', async () => {
      const staging = { ...loadEnvironment('staging'), lambdaCloud: FULL.lambdaCloud! };
      await applyVaultStack(stackWithIssuer(staging, issuer.url), { ...access(), variables });
      expect(await lines()).toEqual([]);
    });

    test('nothing of an environment without a database is where it once had one', async () => {
      const { database: _, ...secrets } = FULL.secrets;
      const without = stackWithIssuer({ ...FULL, secrets }, issuer.url);
      // Its policies name the database no more.
      const drifts = await compareVaultStack(without, access());
      expect(drifts.map(driftLine).filter((line) => line.startsWith('extra'))).toEqual([
        'extra    database/config/he300-prod',
        'extra    database/roles/he300-prod-postgres',
      ]);
    });
  });

  describe('as somebody else than root', () => {
    const tokenOf = (policy: string) => newToken(access(), { policy, hours: 1, orphan: true });

    test('whoever may deploy the stack sees all of it, and what should not be there', async () => {
      const token = await tokenOf(names.vault.role('terraform-deploy'));
      expect(await lines(token)).toEqual([]);
      await post('sys/policies/acl/he300-prod-old', { policy: 'path "x" {\n}\n' });
      expect(await lines(token)).toEqual(['extra    sys/policies/acl/he300-prod-old']);
      await server().send({ method: 'DELETE', path: 'sys/policies/acl/he300-prod-old' });
    });

    test('whoever may see nothing is told so of everything, and passes nothing', async () => {
      const found = await lines(await tokenOf('nothing'));
      expect(found.slice(0, paths().length)).toEqual(
        paths().map((path) => `unseen   ${path}: the token may not read it`),
      );
    });

    test('a token that is none is refused in one line', async () => {
      await expect(applyVaultStack(json(), { ...access(), token: 'nobody', variables })).rejects.toThrow(
        /^vault: GET sys\/audit at http:\/\/127\.0\.0\.1:\d+: [^\n]+$/,
      );
    });
  });

  test('the password stands nowhere but where it is used', async () => {
    expect(JSON.stringify(json())).not.toContain(PASSWORD);
    expect(server().output).toContain('sys/policies/acl');
    expect(server().output).not.toContain(PASSWORD);
  });
});
