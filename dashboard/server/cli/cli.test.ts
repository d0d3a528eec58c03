import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  existsSync,
  readdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../store/database';
import { run } from './run';

let directory: string;
let env: Record<string, string>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'he300-dashboard-'));
  env = { HE300_DATA_DIR: join(directory, 'data') };
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const NOW = new Date('2026-06-17T12:00:00.000Z');

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function cli(argv: readonly string[], { stdin = '', extra = {} } = {}): Promise<Said> {
  let [stdout, stderr] = ['', ''];
  const code = await run(argv, {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    stdin: () => Promise.resolve(stdin),
    env: { ...env, ...extra },
    now: () => NOW,
    stop: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

describe('what is wrong is told in one line', () => {
  test.each([
    [[], 2, 'no command given; see --help'],
    [['frobnicate'], 2, "unknown command 'frobnicate'; see --help"],
    [['token', 'create', 'x'], 2, "required option '--role <role>' not specified; see --help"],
    [
      ['token', 'create', 'x', '--role', 'king'],
      2,
      "option '--role <role>' argument 'king' is invalid. Allowed choices are viewer, runner, admin.; see --help",
    ],
    [
      ['token', 'create', '<b>', '--role', 'viewer'],
      2,
      "command-argument value '<b>' is invalid for argument 'name'. allowed: 1 to 64 letters, digits, spaces and _.@/-; see --help",
    ],
    [
      ['token', 'revoke', 'nobody'],
      1,
      "no valid token 'nobody', or several of that name; allowed: an id from 'token list'",
    ],
    [['webhook-key', 'rotate', 'dev'], 1, 'dev has no key yet; allowed: webhook-key create dev'],
    [
      ['webhook-key', 'set', 'dev', 'hunter2'],
      1,
      'the key is none; allowed: whsec_ and 24 to 64 bytes, base64',
    ],
    [
      ['webhook-key', 'create', 'Dev!'],
      2,
      "command-argument value 'Dev!' is invalid for argument 'environment'. allowed: 2 to 12 lower-case letters and digits, a letter first; see --help",
    ],
  ])('%j', async (argv, code, line) => {
    expect(await cli(argv)).toEqual({ code, stdout: '', stderr: `he300-dashboard: ${line}\n` });
  });

  test.each([
    [{ PORT: '70000' }, "PORT is wrong: '70000'"],
    [{ DATABASE_URL: 'mysql://x' }, "DATABASE_URL is wrong: 'mysql://x'; allowed: postgres://…"],
    [
      { HE300_ARTIFACTS: 's3:/x' },
      "HE300_ARTIFACTS is wrong: 's3:/x'; allowed: directory or s3://BUCKET/PREFIX",
    ],
    [{ HE300_PUBLIC_READ: 'yes' }, "HE300_PUBLIC_READ is wrong: 'yes'"],
    [{ HE300_WEBHOOK_KEYS: 'dev=geheim' }, 'HE300_WEBHOOK_KEYS is wrong; allowed: ENVIRONMENT=whsec_BASE64'],
  ])('settings %j', async (extra, line) => {
    const { code, stderr } = await cli(['migrate'], { extra });
    expect([code, stderr]).toEqual([1, expect.stringContaining(line)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('geheim');
  });
});

test('tokens are made, listed and revoked, and each change is in the audit log', async () => {
  const made = await cli(['token', 'create', 'ci', '--role', 'runner', '--environment', 'dev']);
  expect(made.stdout).toMatch(/^he300_[\w-]{43}\n$/);
  const short = await cli(['token', 'create', 'short', '--role', 'viewer', '--expires-in-days', '7']);
  expect(short.code).toBe(0);
  expect((await cli(['token', 'revoke', 'ci'])).stdout).toMatch(/^revoked [0-9a-f]{16} \(ci\)\n$/);
  expect((await cli(['token', 'revoke', 'ci'])).code).toBe(1);
  const { stdout } = await cli(['token', 'list']);
  expect(stdout).toMatch(/ci +runner +dev +revoked 2026-06-17T12:00:00.000Z +never/);
  expect(stdout).toMatch(/short +viewer +all +until 2026-06-24T12:00:00.000Z +never/);
  expect(stdout).not.toContain('he300_');
  const { db } = openStore({ path: join(env['HE300_DATA_DIR']!, 'dashboard.sqlite') });
  const log = await db.selectFrom('audit').select(['actor', 'action']).execute();
  await db.destroy();
  expect(log.map(({ actor, action }) => `${actor} ${action}`).sort()).toEqual([
    'cli token.create',
    'cli token.create',
    'cli token.revoke',
  ]);
});

test('keys are made once, rotated with two valid, and taken from standard input', async () => {
  const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  expect((await cli(['webhook-key', 'create', 'dev'])).stdout).toMatch(/^whsec_[\w+/]{43}=\n$/);
  expect((await cli(['webhook-key', 'create', 'dev'])).stderr).toContain('allowed: webhook-key rotate dev');
  expect((await cli(['webhook-key', 'rotate', 'dev', '--overlap-hours', '2'])).code).toBe(0);
  const set = await cli(['webhook-key', 'set', 'prod', '-'], { stdin: `${key}\n` });
  expect(set.stdout).toMatch(/^prod signs with [0-9a-f]{12} now\n$/);
  expect((await cli(['webhook-key', 'set', 'prod', '-'], { stdin: key })).stdout).toBe(
    'prod signs with it already\n',
  );
  const { stdout } = await cli(['webhook-key', 'list']);
  expect(stdout.match(/^dev .*newest$/gm)).toHaveLength(1);
  expect(stdout.match(/^dev .*until 2026-06-17T14:00:00.000Z$/gm)).toHaveLength(1);
  expect(stdout).not.toContain('whsec_');
});

describe('backup and restore', () => {
  const file = () => join(directory, 'copy');
  const restoreElsewhere = (...more: string[]) =>
    cli(['restore', file(), ...more], { extra: { HE300_DATA_DIR: join(directory, 'other') } });

  test('a copy brings back what was there, is for its owner only, and overwrites nothing', async () => {
    expect((await cli(['backup', file()])).stderr).toMatch(/^he300-dashboard: no store at .*\n$/);
    await cli(['token', 'create', 'one', '--role', 'admin']);
    const before = (await cli(['token', 'list'])).stdout;
    expect((await cli(['backup', file()])).stdout).toMatch(
      /copy: \d+ bytes, 2 rows, sha256 [0-9a-f]{64}; see /,
    );
    expect([statSync(file()).mode & 0o777, statSync(`${file()}.json`).mode & 0o777]).toEqual([0o600, 0o600]);
    expect((await cli(['backup', file()])).stderr).toContain('is there already; a backup overwrites nothing');
    expect(readdirSync(directory).sort()).toEqual(['copy', 'copy.json', 'data']);

    expect((await restoreElsewhere()).stdout).toBe('restored 2 rows as of 2026-06-17T12:00:00.000Z\n');
    const after = await cli(['token', 'list'], { extra: { HE300_DATA_DIR: join(directory, 'other') } });
    expect(after.stdout).toBe(before);
  });

  test.each<[string, (path: string) => void, RegExp]>([
    ['is cut off', (path) => truncateSync(path, 8192), /its SHA-256 differs/],
    ['has no manifest', (path) => rmSync(`${path}.json`), /json is missing/],
    ['has a manifest that is none', (path) => writeFileSync(`${path}.json`, '{}'), /no manifest of a backup/],
    [
      'has fewer rows than it had',
      editManifest((m) => (m.rows['token'] = 99)),
      /should have 99 rows in token, and has 1/,
    ],
    [
      'is of a newer version',
      editManifest((m) => m.migrations.push('999-later')),
      /made by a newer version: it has the migration 999-later/,
    ],
    [
      'is of another database',
      editManifest((m) => (m.kind = 'postgres')),
      /is a backup of postgres, and the store is sqlite/,
    ],
  ])('a backup that %s is not restored', async (_, spoil, line) => {
    await cli(['token', 'create', 'one', '--role', 'admin']);
    await cli(['backup', file()]);
    spoil(file());
    const { code, stderr } = await restoreElsewhere();
    expect([code, stderr]).toEqual([1, expect.stringMatching(line)]);
    expect(existsSync(join(directory, 'other/dashboard.sqlite'))).toBe(false);
  });
});

interface Edited {
  kind: string;
  rows: Record<string, number>;
  migrations: string[];
}

function editManifest(edit: (manifest: Edited) => unknown): (path: string) => void {
  return (path) => {
    const manifest = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Edited;
    edit(manifest);
    writeFileSync(`${path}.json`, JSON.stringify(manifest));
  };
}
