/**
 * Which hosts get into a real Vault, and with what token. AWS's STS is the emulator's, which checks no signature: that a
 * question is signed by whom it names is for AWS to say.
 */
import { namesOf } from '../../constructs/naming/names';
import { vaultServerId } from '../../environments/vault';
import { describeWithTools } from '../support/skip';
import {
  assumed,
  loginByAppRole,
  loginByAws,
  SERVER_ID_HEADER,
  signedQuestion,
  unwrap,
} from '../support/vault-logins';
import { withVaultWorld, type WithVault } from '../support/vault-world';

describeWithTools(['vault', 'postgres', 'moto'], 'a host', (tools) => {
  const world = withVaultWorld(tools);
  const names = () => namesOf(world().prod);

  /** What Vault knows of a token. */
  const about = async (token: string): Promise<Readonly<Record<string, unknown>>> =>
    (await world().vault.send({ method: 'GET', path: 'auth/token/lookup-self', token })).data;

  const forOneRun = () => ({
    policies: [names().vault.role('host')],
    creation_ttl: 30 * 60,
    explicit_max_ttl: (world().prod.run.timeLimitMinutes + 10) * 60,
    renewable: true,
  });

  describe('on AWS', () => {
    const serverId = (): Record<string, string> => ({
      [SERVER_ID_HEADER]: vaultServerId(world().prod.secrets),
    });
    const login = async (iamRole: string, signed = serverId(), unsigned = {}): Promise<string> => {
      const credentials = await assumed(world().awsEndpoint, names().arn.role(iamRole));
      const question = await signedQuestion(credentials, signed, unsigned);
      return loginByAws(world().vault, names().vault.role('host'), question);
    };

    test.each([
      ['another role of the account', () => 'somebody-else'],
      ['the role of the dashboard', () => names().dashboardTaskRole],
      ['the role of another environment', () => namesOf(world().staging).hostRole],
    ])('with %s is refused', async (_what, iamRole) => {
      await expect(login(iamRole())).rejects.toThrow('does not belong to the role');
    });

    test.each([
      [
        'another Vault',
        () => login(names().hostRole, { [SERVER_ID_HEADER]: 'vault.example.net' }),
        'expected "vault.example.org" but got "vault.example.net"',
      ],
      ['no Vault', () => login(names().hostRole, {}), `missing header "${SERVER_ID_HEADER}"`],
      [
        'no Vault, and ours written below it',
        () => login(names().hostRole, {}, serverId()),
        "vault header wasn't signed",
      ],
    ])('with a question that is signed for %s is refused', async (_what, attempt, said) => {
      await expect(attempt()).rejects.toThrow(said);
    });

    test('gets a token for half an hour, renewed up to the end of the longest run', async () => {
      expect(await about(await login(names().hostRole))).toMatchObject(forOneRun());
    });
  });

  describe('on Lambda Cloud', () => {
    const role = (env: WithVault) => `auth/approle/role/${namesOf(env).vault.role('host')}`;
    const roleId = async (env: WithVault, token: string): Promise<string> => {
      const request = { method: 'GET', path: `${role(env)}/role-id`, token } as const;
      return (await world().vault.send<{ readonly role_id: string }>(request)).data.role_id;
    };
    const wrappedSecretId = async (env: WithVault, token: string, wrapSeconds?: number): Promise<string> => {
      const { wrapInfo } = await world().vault.send({
        ...{ method: 'POST', path: `${role(env)}/secret-id`, body: {}, token },
        ...(wrapSeconds === undefined ? {} : { wrapSeconds }),
      });
      return wrapInfo!.token;
    };

    test.each([
      ['not wrapped', undefined],
      ['wrapped for longer than a boot takes', 3600],
      ['wrapped for no time to speak of', 1],
    ])('is given no secret id that is %s', async (_what, wrapSeconds) => {
      const deployer = await world().login(world().prod, 'deploy');
      await expect(wrappedSecretId(world().prod, deployer, wrapSeconds)).rejects.toMatchObject({
        status: 403,
      });
    });

    test('gets in once with what a deploy gave it, and nobody does after it', async () => {
      const { vault, prod } = world();
      const deployer = await world().login(prod, 'deploy');
      const wrapped = await wrappedSecretId(prod, deployer, 300);
      const { data } = await unwrap(vault, wrapped);
      await expect(unwrap(vault, wrapped)).rejects.toThrow('wrapping token is not valid or does not exist');

      expect(data).toMatchObject({ secret_id_num_uses: 1, secret_id_ttl: 20 * 60 });
      const body = { role_id: await roleId(prod, deployer), secret_id: data.secret_id };
      const login = () => vault.send({ method: 'POST', path: 'auth/approle/login', body });
      expect(await about((await login()).auth!.token)).toMatchObject(forOneRun());
      await expect(login()).rejects.toThrow('invalid role or secret ID');
    });

    test('elsewhere than where the environment says is refused', async () => {
      const { vault, staging } = world();
      const deployer = await world().login(staging, 'deploy');
      const wrapped = await wrappedSecretId(staging, deployer, 300);
      const login = loginByAppRole(vault, await roleId(staging, deployer), wrapped);
      await expect(login).rejects.toThrow(/source address "127.0.0.1" unauthorized/);
    });

    test('has the rights of one on AWS', async () => {
      const { vault, prod } = world();
      const deployer = await world().login(prod, 'deploy');
      const wrapped = await wrappedSecretId(prod, deployer, 300);
      const rights = async (token: string) => {
        const { policies, identity_policies, bound_cidrs } = await about(token);
        return { policies, identity_policies, bound_cidrs };
      };
      expect(await rights(await loginByAppRole(vault, await roleId(prod, deployer), wrapped))).toEqual(
        await rights(await world().login(prod, 'host')),
      );
    });
  });

  test('is no dashboard in Kubernetes, for which there is a login, though no cluster here', async () => {
    const read = async (path: string) =>
      (await world().vault.send({ method: 'GET', path: `auth/${names().vault.kubernetesMount}/${path}` }))
        .data;
    expect(await read('config')).toMatchObject({
      kubernetes_host: 'https://kubernetes.example.org:6443',
      disable_local_ca_jwt: true,
    });
    expect(await read(`role/${names().vault.role('dashboard')}`)).toMatchObject({
      bound_service_account_names: ['dashboard'],
      bound_service_account_namespaces: ['he300'],
      audience: 'vault',
      token_policies: [names().vault.role('dashboard')],
      token_no_default_policy: true,
    });
  });
});
