/** `npm run vault-init` as a process, on a real Vault: one that nobody has set up, one that is sealed, one that has drifted. */
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { VaultClient } from '../../benchmark/src/vault';
import { namesOf } from '../../constructs/naming/names';
import { applyVaultStack } from '../../ops/lib/vault/apply';
import { compareVaultStack } from '../../ops/lib/vault/compare';
import type { VaultKeys } from '../../ops/lib/vault/seal';
import { lookUp } from '../../ops/lib/vault/tokens';
import { githubIssuer, type GithubIssuer } from '../support/github-issuer';
import { describeWithTools } from '../support/skip';
import { VaultServer } from '../support/vault';
import { FULL, stackWithIssuer } from '../support/vault-stacks';
import { expectSuccess, Workspace, type Running } from '../support/workspace';

const names = namesOf(FULL);
const DEPLOY = names.vault.role('terraform-deploy');
const ISSUER_MAIN = join(__dirname, '../support/vault-init-main.ts');

jest.setTimeout(300_000);

describeWithTools(['vault'], 'vault-init', ({ vault }) => {
  const workspace = new Workspace(() => ({}));
  const servers: VaultServer[] = [];
  let dir: string;
  let issuer: GithubIssuer;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-vault-init-'));
    issuer = await githubIssuer();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  afterAll(async () => {
    await issuer.close();
    workspace.remove();
    rmSync(dir, { recursive: true });
  });

  const fresh = async (lines: readonly string[] = []): Promise<VaultServer> => {
    const server = await VaultServer.start(vault, { initialized: false, lines });
    servers.push(server);
    return server;
  };
  let files = 0;
  const newFile = () => join(dir, `keys-${++files}.json`);
  const keysIn = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as VaultKeys;
  const clientOf = ({ address }: { readonly address: string }) => new VaultClient({ address });
  const init = (
    server: { readonly address: string },
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) => workspace.ops('vault-init', args, { VAULT_ADDR: server.address, ...env });
  /** With everything, GitHub's keys read on loopback. */
  const startFull = (
    server: VaultServer,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) =>
    workspace.start([process.execPath, '--import', 'tsx', ISSUER_MAIN, 'prod', ...args], {
      ...{
        VAULT_ADDR: server.address,
        HE300_TEST_ISSUER: issuer.url,
        TF_VAR_postgres_admin_password: 'canary',
      },
      ...env,
    });
  const isInitialized = async (server: VaultServer) =>
    (await server.send<{ initialized: boolean }>({ method: 'GET', path: 'sys/seal-status' })).data
      .initialized;
  const drifts = (server: VaultServer, token: string) =>
    compareVaultStack(stackWithIssuer(FULL, issuer.url), { client: clientOf(server), token, names });
  const said = (text: string, word: string) =>
    new RegExp(`^${word} +.*VAULT_TOKEN=(\\S+)`, 'm').exec(text)?.[1];

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
    ])('%s is not made', async (_title, args, line) => {
      const server = await fresh();
      const { code, stderr } = await init(server, [
        'prod',
        ...args,
        ...(args.includes('--keys-file') ? [newFile()] : []),
      ]);
      expect(stderr).toMatch(line);
      expect(code).not.toBe(0);
      expect(await isInitialized(server)).toBe(false);
    });

    test('is not made with keys for which there is no place', async () => {
      const server = await fresh();
      const { code, stderr } = await init(server, ['prod', '--keys-file', join(dir, 'nowhere/keys.json')]);
      expect(stderr).toMatch(/^vault-init: --keys-file: ENOENT: [^\n]+\n$/);
      expect(code).toBe(1);
      expect(await isInitialized(server)).toBe(false);
    });

    test('is not made where the file holds the keys of another', async () => {
      const server = await fresh();
      const file = newFile();
      writeFileSync(file, JSON.stringify({ unseal_keys_b64: ['a'], recovery_keys_b64: [], root_token: 'b' }));
      const { stderr } = await init(server, ['prod', '--keys-file', file]);
      expect(stderr).toBe(
        `vault-init: --keys-file: ${file} holds the keys of another Vault; allowed: a file that is not there\n`,
      );
      expect(keysIn(file).root_token).toBe('b');
      expect(await isInitialized(server)).toBe(false);
    });

    test('is made by the environment that makes what all share, and by no other', async () => {
      const server = await fresh();
      const { stderr } = await init(server, ['staging', '--keys-file', newFile()]);
      expect(stderr).toContain(
        'secrets.shared: existing; a new Vault is set up by the environment whose secrets.shared is create',
      );
      expect(await isInitialized(server)).toBe(false);
    });

    test('costs nobody its keys when the disk does not take them', async () => {
      const server = await fresh();
      const file = newFile();
      mkdirSync(`${file}.next`);
      const { code, stderr } = await init(server, ['prod', '--keys-file', file]);
      expect(code).toBe(1);
      const keys = JSON.parse(stderr.split('\n')[0]!) as VaultKeys;
      rmSync(`${file}.next`, { recursive: true });
      writeFileSync(file, JSON.stringify(keys));
      expectSuccess(await init(server, ['prod', '--keys-file', file]));
    });

    test('is left with an audit device, one policy and a token of an hour; its root token is gone', async () => {
      const server = await fresh();
      const file = newFile();
      const made = await init(server, ['prod', '--keys-file', file]);
      expectSuccess(made);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const { unseal_keys_b64: keys, root_token: root } = keysIn(file);
      expect(keys).toHaveLength(5);
      expect(root).toBeUndefined();
      for (const key of keys) expect(made.text).not.toContain(key);
      const token = said(made.stdout, 'next')!;
      expect(made.stdout).toContain(
        `next     TF_VAR_adopt_audit_device=true VAULT_TOKEN=${token} npx cdktf deploy prod-vault\n`,
      );
      const client = clientOf(server);
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

    test('prints its keys once, to whoever sits at a terminal, and works with what is printed', async () => {
      const server = await fresh();
      const { stdout, code } = await workspace.run(
        [
          'script',
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
      expect(await lookUp(clientOf(server), root)).toBeUndefined();
      expect(await lookUp(clientOf(server), said(text, 'next')!)).toBeDefined();
    });

    test('keeps its root token for whoever asks for that', async () => {
      const server = await fresh();
      const file = newFile();
      expectSuccess(await init(server, ['prod', '--keys-file', file, '--keep-root']));
      expect(await lookUp(clientOf(server), keysIn(file).root_token!)).toEqual(
        expect.objectContaining({ policies: ['root'] }),
      );
    });

    test('that another Vault unseals has keys for recovery', async () => {
      const other = await VaultServer.start(vault);
      servers.push(other);
      await other.send({ method: 'POST', path: 'sys/mounts/transit', body: { type: 'transit' } });
      await other.send({ method: 'POST', path: 'transit/keys/seal', body: {} });
      const server = await fresh([
        'seal "transit" {',
        `  address = "${other.address}"`,
        `  token = "${other.rootToken}"`,
        '  key_name = "seal"',
        '  mount_path = "transit/"',
        '  disable_renewal = "true"',
        '}',
      ]);
      const file = newFile();
      const made = await init(server, ['prod', '--keys-file', file]);
      expectSuccess(made);
      expect(made.stdout).toContain(`${server.address}: 5 keys, 3 of them recover it\n`);
      expect(keysIn(file)).toMatchObject({ unseal_keys_b64: [], recovery_keys_b64: { length: 5 } });
      expect(await lookUp(clientOf(server), said(made.stdout, 'next')!)).toBeDefined();
    });
  });

  describe('set up again', () => {
    test('by the token that it left it changes nothing, and by that token the rest of the stack is made', async () => {
      const server = await fresh();
      const first = await init(server, ['prod', '--keys-file', newFile(), '--admin-hours', '2']);
      const token = said(first.stdout, 'next')!;
      const again = await init(server, ['prod', '--json'], { VAULT_TOKEN: token });
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
      await applyVaultStack(stackWithIssuer(FULL, issuer.url), {
        ...{ client: clientOf(server), token, variables: { postgres_admin_password: 'x' } },
      });
      const verified = await startFull(server, ['--verify'], { VAULT_TOKEN: token }).finished;
      expectSuccess(verified);
      expect(verified.stdout).toBe(`${server.address} is what prod-vault says\n`);
      const admin = said(first.stdout, 'admin')!;
      expect(await lookUp(clientOf(server), admin)).toMatchObject({
        ...{ policies: [names.vault.role('admin')], explicit_max_ttl: 7200, orphan: true },
      });
    });

    test('without a token it says what it needs, and does nothing', async () => {
      const server = await fresh();
      const file = newFile();
      expectSuccess(await init(server, ['prod', '--keys-file', file]));
      const again = await init(server, ['prod', '--keys-file', file]);
      expect(again).toMatchObject({ code: 1, stdout: '' });
      expect(again.stderr).toBe(
        `vault-init: VAULT_TOKEN is not set; allowed: a token of ${server.address} that may write policies\n`,
      );
    });

    test('a Vault that somebody has, and his root token, stay his', async () => {
      const server = await VaultServer.start(vault);
      servers.push(server);
      const { stderr, stdout } = await init(server, ['prod'], { VAULT_TOKEN: server.rootToken });
      expect(stderr).toBe('vault-init: VAULT_TOKEN is a root token: revoke it when you are done\n');
      expect(await lookUp(clientOf(server), server.rootToken)).toBeDefined();
      expect(await lookUp(clientOf(server), said(stdout, 'next')!)).toMatchObject({ policies: [DEPLOY] });
    });
  });

  describe('killed', () => {
    /** Kills it when its line number `count` comes, and returns what it wrote until then. */
    async function killedAt({ process: child, finished }: Running, count: number): Promise<string> {
      let lines = 0;
      createInterface({ input: child.stdout! }).on('line', () => {
        if (++lines === count) process.kill(-child.pid!, 'SIGKILL');
      });
      return (await finished).stdout;
    }

    test.each([1, 2, 3, 4, 5])('after its line %d, it is finished by the next one', async (count) => {
      const server = await fresh();
      const file = newFile();
      const command = [
        process.execPath,
        '--import',
        'tsx',
        'ops/vault-init.ts',
        'prod',
        '--keys-file',
        file,
      ] as const;
      const before = await killedAt(workspace.start([...command], { VAULT_ADDR: server.address }), count);
      const { stdout, stderr } = await init(server, ['prod', '--keys-file', file]);
      expect(stderr).toMatch(/^$|VAULT_TOKEN is not set/);
      const token = said(stdout, 'next') ?? said(before, 'next')!;
      expect(await lookUp(clientOf(server), token)).toMatchObject({ policies: [DEPLOY] });
      expect(keysIn(file).unseal_keys_b64).toHaveLength(5);
      expect(keysIn(file).root_token).toBeUndefined();
      const { data } = await server.send({ method: 'GET', path: 'sys/audit', token });
      expect(Object.keys(data)).toEqual(['stdout/']);
    });

    test('while it puts the stack there, at any line, the next one goes on', async () => {
      const most = 30;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: most }), async (count) => {
          const server = await fresh();
          const file = newFile();
          const args = ['--apply', '--keep-root', '--keys-file', file];
          await killedAt(startFull(server, args), count);
          expectSuccess(await startFull(server, args).finished);
          expect(await drifts(server, keysIn(file).root_token!)).toEqual([]);
          await server.stop();
        }),
        { numRuns: 3 },
      );
    });
  });

  describe('a Vault that does not answer', () => {
    test('is named in one line when it is down', async () => {
      const server = await fresh();
      await server.stop();
      const { code, stderr } = await init(server, ['prod', '--keys-file', newFile()]);
      expect(stderr).toMatch(
        new RegExp(`^vault-init: vault: GET sys/seal-status at ${server.address}: [^\\n]+\\n$`),
      );
      expect(code).toBe(1);
    });

    test('and is sealed is unsealed by its own keys alone', async () => {
      const server = await fresh();
      const file = newFile();
      expectSuccess(await init(server, ['prod', '--keys-file', file, '--keep-root']));
      const keys = keysIn(file);
      await server.send({ method: 'POST', path: 'sys/seal', token: keys.root_token! });

      const verify = await init(server, ['prod', '--verify'], { VAULT_TOKEN: keys.root_token! });
      expect(verify.stderr).toMatch(/^vault-init: vault: GET \S+ at \S+: Vault is sealed\n$/);
      const without = await init(server, ['prod'], { VAULT_TOKEN: keys.root_token! });
      expect(without.stderr).toBe(
        `vault-init: vault: ${server.address} is sealed; give it 3 of its keys with \`vault operator unseal\`, or --keys-file FILE\n`,
      );
      const few = newFile();
      writeFileSync(few, JSON.stringify({ ...keys, unseal_keys_b64: keys.unseal_keys_b64.slice(0, 2) }));
      expect((await init(server, ['prod', '--keys-file', few])).stderr).toBe(
        `vault-init: vault: ${server.address} is sealed after 2 keys; 3 are needed\n`,
      );
      const strange = newFile();
      const garbage = keys.unseal_keys_b64.map((_key, index) =>
        Buffer.alloc(33, index + 1).toString('base64'),
      );
      writeFileSync(strange, JSON.stringify({ ...keys, unseal_keys_b64: garbage }));
      expect((await init(server, ['prod', '--keys-file', strange])).stderr).toMatch(
        /^vault-init: vault: POST sys\/unseal at \S+: [^\n]+\n$/,
      );
      const broken = newFile();
      writeFileSync(broken, '{"keys": 5}');
      expect((await init(server, ['prod', '--keys-file', broken])).stderr).toContain(
        'holds something else; allowed: what',
      );
      const opened = await init(server, ['prod', '--keys-file', file]);
      expectSuccess(opened);
      expect(opened.stdout).toContain(`unsealed ${server.address}\n`);
    });
  });

  describe('a check', () => {
    test('lists what differs, line by line, and fails', async () => {
      const server = await VaultServer.start(vault);
      servers.push(server);
      const as = { VAULT_TOKEN: server.rootToken };
      expectSuccess(await startFull(server, ['--apply'], as).finished);
      await server.send({ method: 'DELETE', path: 'sys/policies/acl/he300-prod-host' });
      await server.send({ method: 'POST', path: 'he300-prod/config', body: { max_versions: 9 } });
      const { code, stdout } = await startFull(server, ['--verify'], as).finished;
      expect(stdout).toBe(
        'differs  he300-prod/config: max_versions: 9; wanted: 3\nmissing  sys/policies/acl/he300-prod-host\n',
      );
      expect(code).toBe(1);
      const json = await startFull(server, ['--verify', '--json'], as).finished;
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
      const server = await VaultServer.start(vault);
      servers.push(server);
      const { code, stderr } = await init(server, args, env);
      expect(stderr).toMatch(line);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(code).not.toBe(0);
    });
  });
});
