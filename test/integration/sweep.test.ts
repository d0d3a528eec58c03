import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { namesOf } from '../../constructs/naming/names';
import { TAG } from '../../constructs/naming/tags';
import { loadEnvironment } from '../../environments';
import { whoAmI } from '../../ops/lib/deploy-status';
import { commandLine } from '../../ops/lib/process';
import { which } from '../../ops/lib/tool';
import { withEmulator } from '../support/emulator';
import { resetEmulator, TestAccount } from '../support/hosts';
import { describeWithTools } from '../support/skip';

const env = loadEnvironment('dev');
const SCRIPT = resolve('ops/sweep.ts');
const TSX = require.resolve('tsx');

/** Each call starts a process and some look twice, seconds apart. */
const LIMIT_MS = 60_000;

describeWithTools(['moto'], 'sweep against the emulator', () => {
  const emulator = withEmulator();
  let account: TestAccount;
  let folder: string;
  beforeAll(() => Object.assign(process.env, emulator.env));
  beforeEach(async () => {
    await resetEmulator(emulator.endpoint);
    account = new TestAccount(env);
    await account.bootstrap();
    // A checkout's place of its own: no cdktf.out of somebody's deploy, no local state.
    folder = mkdtempSync(join(tmpdir(), 'he300-sweep-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function sweep(args: readonly string[], variables: NodeJS.ProcessEnv = emulator.env) {
    const child = spawn(process.execPath, ['--import', TSX, SCRIPT, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...variables },
    });
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (text.stdout += chunk));
    child.stderr.on('data', (chunk) => (text.stderr += chunk));
    const [code] = (await once(child, 'close')) as [number];
    return { code, ...text };
  }
  async function verdicts(args: readonly string[]) {
    const { code, stdout } = await sweep(['dev', '--json', ...args]);
    const { environments, totals } = JSON.parse(stdout) as {
      environments: [
        {
          hosts: { id: string; verdict: string; terminated: boolean }[];
          deploy: { kind: string };
          lockRemoved: boolean;
        },
      ];
      totals: Record<string, number>;
    };
    const [{ hosts, deploy, lockRemoved }] = environments;
    return {
      code,
      hosts: Object.fromEntries(hosts.map((h) => [h.id, h.verdict])),
      deploy: deploy.kind,
      lockRemoved,
      totals,
    };
  }

  describe('bad conditions get one clear line and exit code 1', () => {
    test.each<[string, string[], NodeJS.ProcessEnv, string]>([
      [
        'no credentials',
        [],
        { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
        'local, dev, staging, prod: no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      ],
      [
        'nobody answers',
        ['dev'],
        { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
        'dev: no answer from http://127.0.0.1:9 (ECONNREFUSED)',
      ],
      [
        'the state bucket was never made',
        ['prod'],
        {},
        'prod: no state bucket; create it with: npm run bootstrap -- prod',
      ],
    ])('%s', async (_title, args, change, message) => {
      const { code, stderr } = await sweep(args, { ...emulator.env, ...change });
      expect({ code, stderr }).toEqual({ code: 1, stderr: `sweep: ${message}\n` });
    });

    test('somebody else holds the lock: --unlock leaves it', async () => {
      await account.putLock({ who: 'runner@ci', created: new Date('2026-06-17T12:00:00Z') });
      expect(await sweep(['dev', '--unlock'])).toEqual({
        code: 1,
        stdout: '',
        stderr:
          'sweep: not unlocked: runner@ci holds the lock since 2026-06-17T12:00:00.000Z; if that is over, run: terraform force-unlock c7d811a6\n',
      });
    });

    test(
      'a broken state: it is no reason to call a host an orphan, but an ended host goes all the same',
      async () => {
        const [unknown, ended] = [await account.launchOne(), await account.launchOne()];
        await account.putStateText('{"version": 4,');
        await account.putEndMarker(ended);
        const { code, stderr } = await sweep(['dev', '--terminate']);
        expect(code).toBe(1);
        expect(stderr).toContain('sweep: dev: Terraform state is not JSON (14 characters)\n');
        expect(await account.statesOf([unknown, ended])).toEqual(['running', 'terminated']);
      },
      LIMIT_MS,
    );
  });

  test(
    'nothing there: exit code 0, for one environment and for all, set up or not',
    async () => {
      expect(await sweep(['dev'])).toEqual({ code: 0, stdout: 'no hosts\n', stderr: '' });
      expect(await sweep([])).toEqual({ code: 0, stdout: 'no hosts\n', stderr: '' });
    },
    LIMIT_MS,
  );

  test(
    'a live host is listed with its age, its cost and why it may stay',
    async () => {
      const live = await account.launchOne();
      await account.putState([live]);
      const { code, stdout } = await sweep([]);
      expect(code).toBe(0);
      expect(stdout.split('\n')[1]).toMatch(
        new RegExp(
          `^dev +${live}  us-east-1  g5.xlarge  live +0m +\\$0\\.\\d\\d +in the state and within its limit$`,
        ),
      );
      expect(stdout.split('\n')[2]).toMatch(/^1 host, at most \$0\.\d\d so far$/);
    },
    LIMIT_MS,
  );

  test(
    'what must end is only reported at first, and ended with --terminate',
    async () => {
      const [live, orphan, ended, unguarded] = [
        await account.launchOne(),
        await account.launchOne(),
        await account.launchOne(),
        await account.launchOne(),
      ];
      const west = await account.launchOne({ region: 'us-west-2' });
      const prod = await account.launchOne({
        tags: { [TAG.environment]: namesOf(loadEnvironment('prod')).prefix },
      });
      await account.putState([live, ended, unguarded], [unguarded]);
      await account.putEndMarker(ended);
      const found = {
        [live]: 'live',
        [orphan]: 'orphan',
        [ended]: 'ended',
        [unguarded]: 'unfinished',
        [west]: 'orphan',
      };

      expect(await verdicts([])).toMatchObject({
        code: 3,
        hosts: found,
        totals: { hosts: 5, toTerminate: 4, terminated: 0 },
      });
      expect(await account.statesOf([orphan, ended, unguarded])).toEqual(['running', 'running', 'running']);

      expect(await verdicts(['--terminate'])).toMatchObject({
        code: 0,
        hosts: found,
        totals: { hosts: 5, toTerminate: 0, terminated: 4 },
      });
      expect(await account.statesOf([orphan, ended, unguarded])).toEqual([
        'terminated',
        'terminated',
        'terminated',
      ]);
      expect(await account.statesOf([west], 'us-west-2')).toEqual(['terminated']);
      expect(await account.statesOf([live, prod])).toEqual(['running', 'running']);
      expect(await verdicts([])).toMatchObject({ code: 0, hosts: { [live]: 'live' } });
    },
    LIMIT_MS,
  );

  describe('a deploy', () => {
    const mine = () => ({ who: whoAmI(), created: new Date() });

    test(
      'that goes on elsewhere is left alone',
      async () => {
        const host = await account.launchOne();
        await account.putLock({ who: 'runner@ci', created: new Date() });
        expect(await verdicts(['--terminate'])).toMatchObject({
          code: 0,
          hosts: { [host]: 'deploying' },
          deploy: 'running',
        });
        expect(await account.statesOf([host])).toEqual(['running']);
      },
      LIMIT_MS,
    );

    test(
      'that was killed leaves its hosts and its lock: both are reported, then cleared',
      async () => {
        const [written, unwritten] = [await account.launchOne(), await account.launchOne()];
        await account.putState([written]);
        await account.putLock(mine());
        const hosts = { [written]: 'unfinished', [unwritten]: 'unfinished' };
        expect(await verdicts([])).toMatchObject({
          code: 3,
          hosts,
          deploy: 'stale',
          totals: { killedDeploys: 1 },
        });

        const { code, stdout } = await sweep(['dev', '--terminate']);
        expect(code).toBe(0);
        expect(stdout).toContain(`dev: removed the stale lock of ${whoAmI()}\n2 hosts, `);
        expect(await account.statesOf([written, unwritten])).toEqual(['terminated', 'terminated']);
        expect(await verdicts([])).toMatchObject({ code: 0, hosts: {}, deploy: 'none' });
      },
      LIMIT_MS,
    );

    test(
      'that was killed before it launched anything still blocks the next one, until --unlock',
      async () => {
        await account.putLock(mine());
        expect((await sweep(['dev'])).code).toBe(3);
        expect(await sweep(['dev', '--unlock'])).toEqual({
          code: 0,
          stdout: `dev: removed the stale lock of ${whoAmI()}\n`,
          stderr: '',
        });
        expect(await sweep(['dev', '--unlock'])).toEqual({ code: 0, stdout: 'dev: no lock\n', stderr: '' });
        expect((await sweep(['dev'])).code).toBe(0);
      },
      LIMIT_MS,
    );

    describeOnLinux('whose Terraform outlived cdktf', () => {
      test(
        'is stopped before anything is ended, for it could launch more',
        async () => {
          const orphan = await orphanedTerraform();
          const host = await account.launchOne();
          await account.putLock(mine());
          expect(await verdicts([])).toMatchObject({
            code: 3,
            deploy: 'orphaned',
            hosts: { [host]: 'unfinished' },
          });
          expect((await sweep(['dev', '--unlock'])).stderr).toContain(
            'is still there; stop it with --terminate',
          );

          expect(await verdicts(['--terminate'])).toMatchObject({
            code: 0,
            deploy: 'stale',
            lockRemoved: true,
            hosts: { [host]: 'unfinished' },
          });
          expect(commandLine(orphan)).toBe('');
          expect(await account.statesOf([host])).toEqual(['terminated']);
        },
        LIMIT_MS,
      );

      /** Something that looks like Terraform, at work in the stack's folder, whose parent has ended. */
      async function orphanedTerraform(): Promise<number> {
        const program = join(folder, 'terraform');
        const cwd = join(folder, 'cdktf.out/stacks/dev');
        mkdirSync(cwd, { recursive: true });
        copyFileSync(which('sleep')!, program);
        const script = `const child = require('node:child_process').spawn(${JSON.stringify(program)}, ['600'], { cwd: ${JSON.stringify(cwd)}, detached: true, stdio: 'ignore' });
          child.unref(); console.log(child.pid)`;
        const parent = spawn(process.execPath, ['-e', script], {
          env: { PATH: [folder, process.env.PATH].join(delimiter) },
        });
        let pid = '';
        parent.stdout.on('data', (chunk) => (pid += chunk));
        await once(parent, 'close');
        return Number(pid);
      }
    });
  });
});

/** Elsewhere there is no /proc to look into. */
function describeOnLinux(title: string, suite: () => void): void {
  if (process.platform === 'linux') describe(title, suite);
  else test.skip(`${title} [skipped: only Linux has /proc]`, () => undefined);
}
