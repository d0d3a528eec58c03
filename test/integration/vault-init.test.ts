/** `npm run vault-init` as a process, on a real Vault: one that nobody has set up, one that somebody has, one that has drifted. */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesOf } from '../../constructs/naming/names';
import { applyVaultStack } from '../../ops/lib/vault/apply';
import type { VaultKeys } from '../../ops/lib/vault/seal';
import { lookUp } from '../../ops/lib/vault/tokens';
import { describeWithTools } from '../support/skip';
import type { VaultServer } from '../support/vault';
import { tokenIn, withVaultInits } from '../support/vault-inits';
import { FULL } from '../support/vault-stacks';
import { expectSuccess } from '../support/workspace';

const names = namesOf(FULL);
const DEPLOY = names.vault.role('terraform-deploy');

jest.setTimeout(300_000);

describeWithTools(['vault'], 'vault-init', ({ vault }) => {
  const inits = withVaultInits(vault);
  const isInitialized = async (server: VaultServer) =>
    (await server.send<{ initialized: boolean }>({ method: 'GET', path: 'sys/seal-status' })).data
      .initialized;

  describe('a new Vault', () => {
    test.each([
      [
        'without a place for its keys',
        [],
        /^vault-init: the keys of a new Vault are told once, .+; allowed: a terminal, or --keys-file FILE\n$/,
      ],
      [
        'with as few keys as never unseal it',
        ['--key-shares', '2', '--key-threshold', '3', '--keys-file'],
        /^vault-init: vault: POST sys\/init at \S+: [^\n]+\n$/,
      ],
      [
        'with more keys than anybody keeps',
        ['--key-shares', '11', '--keys-file'],
        /^vault-init: --key-shares: '11'; allowed: 1 to 10\n$/,
      ],
      [
        'with a token for no time',
        ['--admin-hours', '0', '--keys-file'],
        /^vault-init: --admin-hours: '0'; allowed: 1 to 72\n$/,
      ],
      [
        'with a token that would stay in a log',
        ['--admin-hours', '2', '--keys-file'],
        /^vault-init: --admin-hours: its token is told once, [^\n]+; allowed: with a terminal, or --json\n$/,
      ],
    ])('%s is not made', async (_title, args, line) => {
      const server = await inits().fresh();
      const { code, stderr } = await inits().run(server, [
        'prod',
        ...args,
        ...(args.includes('--keys-file') ? [inits().newFile()] : []),
      ]);
      expect(stderr).toMatch(line);
      expect(code).not.toBe(0);
      expect(await isInitialized(server)).toBe(false);
    });

    test('is not made with keys for which there is no place', async () => {
      const server = await inits().fresh();
      const { code, stderr } = await inits().run(server, [
        'prod',
        '--keys-file',
        join(inits().newFile(), 'keys.json'),
      ]);
      expect(stderr).toMatch(/^vault-init: --keys-file: ENOENT: [^\n]+\n$/);
      expect(code).toBe(1);
      expect(await isInitialized(server)).toBe(false);
    });

    test('is not made where the file holds the keys of another', async () => {
      const server = await inits().fresh();
      const file = inits().newFile();
      writeFileSync(file, JSON.stringify({ unseal_keys_b64: ['a'], recovery_keys_b64: [], root_token: 'b' }));
      const { stderr } = await inits().run(server, ['prod', '--keys-file', file]);
      expect(stderr).toBe(
        `vault-init: --keys-file: ${file} holds the keys of another Vault; allowed: a file that is not there\n`,
      );
      expect(inits().keysIn(file).root_token).toBe('b');
      expect(await isInitialized(server)).toBe(false);
    });

    test('keeps its root token where the file is taken to another Vault by mistake', async () => {
      const [server, another] = [await inits().fresh(), await inits().had()];
      const file = inits().newFile();
      expectSuccess(await inits().run(server, ['prod', '--keys-file', file, '--keep-root']));
      const kept = inits().keysIn(file);
      const wrong = await inits().run(another, ['prod', '--keys-file', file], {
        VAULT_TOKEN: another.rootToken,
      });
      expect(wrong).toMatchObject({ code: 1, stdout: '' });
      expect(wrong.stderr).toMatch(
        /^vault-init: --keys-file: \S+ holds the keys of another Vault than \S+: cluster \S+; allowed: of cluster \S+\n$/,
      );
      expect(inits().keysIn(file)).toEqual(kept);

      // As Vault's own program writes it, the file does not say whose keys they are.
      const { cluster_id: _cluster, ...unnamed } = kept;
      writeFileSync(file, JSON.stringify(unnamed));
      expectSuccess(
        await inits().run(another, ['prod', '--keys-file', file], { VAULT_TOKEN: another.rootToken }),
      );
      expect(inits().keysIn(file)).toEqual(unnamed);
      expectSuccess(await inits().run(server, ['prod', '--keys-file', file, '--keep-root']));
      expect(inits().keysIn(file)).toEqual({ ...kept, deploy_token: expect.any(String) as string });
    });

    test('is made by the environment that makes what all share, and by no other', async () => {
      const server = await inits().fresh();
      const { stderr } = await inits().run(server, ['staging', '--keys-file', inits().newFile()]);
      expect(stderr).toContain(
        'secrets.shared: existing; a new Vault is set up by the environment whose secrets.shared is create',
      );
      expect(await isInitialized(server)).toBe(false);
    });

    test('costs nobody its keys when the disk does not take them', async () => {
      const server = await inits().fresh();
      const file = inits().newFile();
      mkdirSync(`${file}.next`);
      const { code, stderr } = await inits().run(server, ['prod', '--keys-file', file]);
      expect(code).toBe(1);
      const keys = JSON.parse(stderr.split('\n')[0]!) as VaultKeys;
      rmSync(`${file}.next`, { recursive: true });
      writeFileSync(file, JSON.stringify(keys));
      expectSuccess(await inits().run(server, ['prod', '--keys-file', file]));
    });

    test('is left with an audit device, one policy and a token of an hour; its root token is gone', async () => {
      const server = await inits().fresh();
      const file = inits().newFile();
      const made = await inits().run(server, ['prod', '--keys-file', file]);
      expectSuccess(made);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const { unseal_keys_b64: keys, root_token: root, deploy_token } = inits().keysIn(file);
      expect(keys).toHaveLength(5);
      expect(root).toBeUndefined();
      const token = deploy_token!;
      for (const secret of [...keys, token]) expect(made.text).not.toContain(secret);
      expect(made.stdout).toContain(
        `next     TF_VAR_adopt_audit_device=true VAULT_TOKEN=… npx cdktf deploy prod-vault  # deploy_token in ${file}\n`,
      );
      const client = inits().clientOf(server);
      const { data } = await client.send({ method: 'GET', path: 'auth/token/lookup-self', token });
      expect(data).toMatchObject({
        policies: [DEPLOY],
        orphan: true,
        renewable: false,
        explicit_max_ttl: 3600,
      });
      const audit = await client.send({ method: 'GET', path: 'sys/audit', token });
      expect(Object.keys(audit.data)).toEqual(['stdout/']);
      // The device notes what it saw from the first hour on, the token only as an HMAC.
      expect(server.output).toContain(`sys/policies/acl/${DEPLOY}`);
      expect(server.output).not.toContain(token);
    });

    describeWithTools(['script'], 'at a terminal', ({ script }) => {
      test('prints its keys once, to whoever sits at a terminal, and works with what is printed', async () => {
        const server = await inits().fresh();
        const { stdout, code } = await inits().workspace.run(
          [
            script.path,
            '-qec',
            `${process.execPath} --import tsx ops/vault-init.ts prod --key-shares 3 --key-threshold 2`,
            '/dev/null',
          ],
          { VAULT_ADDR: server.address },
        );
        expect(code).toBe(0);
        const text = stdout.replaceAll('\r', '');
        const keys = [...text.matchAll(/^unseal key \d +(\S+)$/gm)].map(([, key]) => key);
        expect(new Set(keys).size).toBe(3);
        const root = /^root token +(\S+)$/m.exec(text)![1]!;
        expect(await lookUp(inits().clientOf(server), root)).toBeUndefined();
        expect(await lookUp(inits().clientOf(server), tokenIn(text)!)).toBeDefined();
      });
    });

    test('keeps its root token for whoever asks for that', async () => {
      const server = await inits().fresh();
      const file = inits().newFile();
      expectSuccess(await inits().run(server, ['prod', '--keys-file', file, '--keep-root']));
      expect(await lookUp(inits().clientOf(server), inits().keysIn(file).root_token!)).toEqual(
        expect.objectContaining({ policies: ['root'] }),
      );
    });

    test('that another Vault unseals has keys for recovery', async () => {
      const other = await inits().had();
      await other.send({ method: 'POST', path: 'sys/mounts/transit', body: { type: 'transit' } });
      await other.send({ method: 'POST', path: 'transit/keys/seal', body: {} });
      const server = await inits().fresh([
        'seal "transit" {',
        `  address = "${other.address}"`,
        `  token = "${other.rootToken}"`,
        '  key_name = "seal"',
        '  mount_path = "transit/"',
        '  disable_renewal = "true"',
        '}',
      ]);
      const file = inits().newFile();
      const made = await inits().run(server, ['prod', '--keys-file', file]);
      expectSuccess(made);
      expect(made.stdout).toContain(`${server.address}: 5 keys, 3 of them recover it\n`);
      expect(inits().keysIn(file)).toMatchObject({ unseal_keys_b64: [], recovery_keys_b64: { length: 5 } });
      expect(await lookUp(inits().clientOf(server), inits().keysIn(file).deploy_token!)).toBeDefined();
    });
  });

  describe('set up again', () => {
    test('by the token that it left it changes nothing, and by that token the rest of the stack is made', async () => {
      const server = await inits().fresh();
      const first = await inits().run(server, [
        'prod',
        '--keys-file',
        inits().newFile(),
        ...['--admin-hours', '2', '--json'],
      ]);
      const { deployToken: token, adminToken: admin } = JSON.parse(first.stdout) as {
        readonly deployToken: string;
        readonly adminToken: string;
      };
      const again = await inits().run(server, ['prod', '--json'], { VAULT_TOKEN: token });
      expectSuccess(again);
      expect(JSON.parse(again.stdout)).toEqual({
        environment: 'prod',
        address: server.address,
        done: [
          { did: 'kept', what: 'sys/audit/stdout' },
          { did: 'kept', what: `sys/policies/acl/${DEPLOY}` },
        ],
        next: 'TF_VAR_adopt_audit_device=true npx cdktf deploy prod-vault',
      });
      // As Terraform does next.
      await applyVaultStack(inits().stack(), {
        ...{ client: inits().clientOf(server), token, variables: { postgres_admin_password: 'x' } },
      });
      const verified = await inits().runFull(server, ['--verify'], { VAULT_TOKEN: token });
      expectSuccess(verified);
      expect(verified.stdout).toBe(`${server.address} is what prod-vault says\n`);
      expect(await lookUp(inits().clientOf(server), admin)).toMatchObject({
        ...{ policies: [names.vault.role('admin')], explicit_max_ttl: 7200, orphan: true },
      });
    });

    test('without a token it says what it needs, and does nothing', async () => {
      const server = await inits().fresh();
      const file = inits().newFile();
      expectSuccess(await inits().run(server, ['prod', '--keys-file', file]));
      const again = await inits().run(server, ['prod', '--keys-file', file]);
      expect(again).toMatchObject({ code: 1, stdout: '' });
      expect(again.stderr).toBe(
        `vault-init: VAULT_TOKEN is not set; allowed: a token of ${server.address} that may write policies\n`,
      );
    });

    test('a Vault that somebody has, and his root token, stay his', async () => {
      const server = await inits().had();
      const { stderr, stdout } = await inits().run(server, ['prod'], { VAULT_TOKEN: server.rootToken });
      expect(stderr).toBe('vault-init: VAULT_TOKEN is a root token: revoke it when you are done\n');
      expect(await lookUp(inits().clientOf(server), server.rootToken)).toBeDefined();
      expect(stdout).toMatch(/ VAULT_TOKEN=… npx cdktf deploy prod-vault {2}# yours\n$/);
      const told = await inits().run(server, ['prod', '--json'], { VAULT_TOKEN: server.rootToken });
      const { deployToken } = JSON.parse(told.stdout) as { readonly deployToken: string };
      expect(await lookUp(inits().clientOf(server), deployToken)).toMatchObject({ policies: [DEPLOY] });
    });
  });

  describe('a check', () => {
    test('lists what differs, line by line, and fails', async () => {
      const server = await inits().had();
      const as = { VAULT_TOKEN: server.rootToken };
      expectSuccess(await inits().runFull(server, ['--apply'], as));
      await server.send({ method: 'DELETE', path: 'sys/policies/acl/he300-prod-host' });
      await server.send({ method: 'POST', path: 'he300-prod/config', body: { max_versions: 9 } });
      const { code, stdout } = await inits().runFull(server, ['--verify'], as);
      expect(stdout).toBe(
        'differs  he300-prod/config: max_versions: 9; wanted: 3\nmissing  sys/policies/acl/he300-prod-host\n',
      );
      expect(code).toBe(1);
      const json = await inits().runFull(server, ['--verify', '--json'], as);
      expect(JSON.parse(json.stdout)).toMatchObject({ drifts: [{ kind: 'differs' }, { kind: 'missing' }] });
    });

    test.each([
      [
        'a token that is none',
        ['prod', '--verify'],
        { VAULT_TOKEN: 'nobody' },
        /does not know the token in VAULT_TOKEN, or does not know it any more\n$/,
      ],
      [
        'no token',
        ['prod', '--verify'],
        {},
        /^vault-init: VAULT_TOKEN is not set; allowed: a token of \S+\n$/,
      ],
      [
        'something to apply',
        ['prod', '--verify', '--apply'],
        {},
        /^vault-init: --verify takes no --apply; see --help\n$/,
      ],
      ['an environment without a Vault', ['dev', '--verify'], {}, /secrets\.kind: ssm; allowed: vault/],
    ])('with %s is refused in one line', async (_title, args, env, line) => {
      const server = await inits().had();
      const { code, stderr } = await inits().run(server, args, env);
      expect(stderr).toMatch(line);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(code).not.toBe(0);
    });
  });
});
