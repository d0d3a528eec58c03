/** `npm run vault-init` as a process: killed anywhere, and on a Vault that is down, slow or sealed. */
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { namesOf } from '../../constructs/naming/names';
import { lookUp } from '../../ops/lib/vault/tokens';
import { describeWithTools } from '../support/skip';
import { withVaultInits } from '../support/vault-inits';
import { FULL } from '../support/vault-stacks';
import { expectSuccess, type Running } from '../support/workspace';

const DEPLOY = namesOf(FULL).vault.role('terraform-deploy');

jest.setTimeout(300_000);

describeWithTools(['vault'], 'vault-init', ({ vault }) => {
  const inits = withVaultInits(vault);

  describe('killed', () => {
    /** Kills it when its line number `count` comes. */
    async function killedAt({ process: child, finished }: Running, count: number): Promise<void> {
      let lines = 0;
      createInterface({ input: child.stdout! }).on('line', () => {
        if (++lines === count) process.kill(-child.pid!, 'SIGKILL');
      });
      await finished;
    }

    test.each([1, 2, 3, 4, 5])('after its line %d, it is finished by the next one', async (count) => {
      const server = await inits().fresh();
      const file = inits().newFile();
      await killedAt(inits().start(server, ['prod', '--keys-file', file]), count);
      const { stderr } = await inits().run(server, ['prod', '--keys-file', file]);
      expect(stderr).toMatch(/^$|VAULT_TOKEN is not set/);
      const token = inits().keysIn(file).deploy_token!;
      expect(await lookUp(inits().clientOf(server), token)).toMatchObject({ policies: [DEPLOY] });
      expect(inits().keysIn(file).unseal_keys_b64).toHaveLength(5);
      expect(inits().keysIn(file).root_token).toBeUndefined();
      const { data } = await server.send({ method: 'GET', path: 'sys/audit', token });
      expect(Object.keys(data)).toEqual(['stdout/']);
    });

    test('while it puts the stack there, at any line, the next one goes on', async () => {
      const most = 30;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: most }), async (count) => {
          const server = await inits().fresh();
          const file = inits().newFile();
          const args = ['--apply', '--keep-root', '--keys-file', file];
          await killedAt(inits().startFull(server, args), count);
          expectSuccess(await inits().runFull(server, args));
          expect(await inits().drifts(server, inits().keysIn(file).root_token!)).toEqual([]);
          await server.stop();
        }),
        { numRuns: 3 },
      );
    });
  });

  describe('a Vault that does not answer', () => {
    test('is named in one line when it is down', async () => {
      const server = await inits().fresh();
      await server.stop();
      const { code, stderr } = await inits().run(server, ['prod', '--keys-file', inits().newFile()]);
      expect(stderr).toMatch(
        new RegExp(`^vault-init: vault: GET sys/seal-status at ${server.address}: [^\\n]+\\n$`),
      );
      expect(code).toBe(1);
    });

    test('is named in one line when it is slow', async () => {
      const server = await inits().fresh();
      server.pause();
      const { code, stderr } = await inits().run(server, ['prod', '--keys-file', inits().newFile()]);
      server.resume();
      expect(stderr).toBe(`vault-init: vault: GET sys/seal-status at ${server.address}: no answer in 10 s\n`);
      expect(code).toBe(1);
    });

    test('and is sealed is unsealed by its own keys alone', async () => {
      const server = await inits().fresh();
      const file = inits().newFile();
      expectSuccess(await inits().run(server, ['prod', '--keys-file', file, '--keep-root']));
      const keys = inits().keysIn(file);
      await server.send({ method: 'POST', path: 'sys/seal', token: keys.root_token! });

      const verify = await inits().run(server, ['prod', '--verify'], { VAULT_TOKEN: keys.root_token! });
      expect(verify.stderr).toMatch(/^vault-init: vault: GET \S+ at \S+: Vault is sealed\n$/);
      const without = await inits().run(server, ['prod'], { VAULT_TOKEN: keys.root_token! });
      expect(without.stderr).toBe(
        `vault-init: vault: ${server.address} is sealed; give it 3 of its keys with \`vault operator unseal\`, or --keys-file FILE\n`,
      );
      const few = inits().newFile();
      writeFileSync(few, JSON.stringify({ ...keys, unseal_keys_b64: keys.unseal_keys_b64.slice(0, 2) }));
      expect((await inits().run(server, ['prod', '--keys-file', few])).stderr).toBe(
        `vault-init: vault: ${server.address} is sealed after 2 keys; 3 are needed\n`,
      );
      const strange = inits().newFile();
      const garbage = keys.unseal_keys_b64.map((_key, index) =>
        Buffer.alloc(33, index + 1).toString('base64'),
      );
      writeFileSync(strange, JSON.stringify({ ...keys, unseal_keys_b64: garbage }));
      expect((await inits().run(server, ['prod', '--keys-file', strange])).stderr).toMatch(
        /^vault-init: vault: POST sys\/unseal at \S+: [^\n]+\n$/,
      );
      const broken = inits().newFile();
      writeFileSync(broken, '{"keys": 5}');
      expect((await inits().run(server, ['prod', '--keys-file', broken])).stderr).toContain(
        'holds something else; allowed: what',
      );
      const opened = await inits().run(server, ['prod', '--keys-file', file]);
      expectSuccess(opened);
      expect(opened.stdout).toContain(`unsealed ${server.address}\n`);
    });
  });
});
