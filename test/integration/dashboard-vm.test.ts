/** What the dashboard's VM downloads, as it is packed: the server, the page, and the programs beside them, against the emulator. */
import type { S3Client } from '@aws-sdk/client-s3';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesOf } from '../../constructs/naming/names';
import { buildDashboardArchive } from '../../ops/lib/dashboard-archive';
import { serverVariables, vmConfig, type VmConfig } from '../../userdata/dashboard/config';
import { backUp, LAST_BACKUP } from '../../userdata/dashboard/vm/backup';
import { lookAtHealth } from '../../userdata/dashboard/vm/watch';
import { openAws, type Aws } from '../../userdata/vm/aws';
import type { LastCopy } from '../../userdata/vm/copies';
import { metricLine, sendEvents } from '../../userdata/vm/telling';
import { until } from '../support/cloud';
import { DASHBOARD_VMS } from '../support/dashboard-vm-variants';
import { withEmulator } from '../support/emulator';
import { endProcess } from '../support/end-process';
import { freePort } from '../support/free-port';
import { describeWithTools } from '../support/skip';

jest.setTimeout(180_000);

const props = DASHBOARD_VMS.internal;
const names = namesOf(props.environment);

describeWithTools(['moto'], 'the dashboard as its VM has it', () => {
  const emulator = withEmulator();
  let dir: string;
  let config: VmConfig;
  let aws: Aws;
  let s3: S3Client;
  let server: ChildProcess;
  let token: string;
  const at = (name: string): string => join(dir, name);
  const program = (): string => at('dashboard/dashboard.mjs');

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-vm-'));
    // The VM's Node has SQLite of its own; this one may be older, and takes the package.
    symlinkSync(join(__dirname, '../../node_modules'), at('node_modules'));
    const { path, sha256 } = buildDashboardArchive();
    mkdirSync(at('dashboard'));
    spawnSync('tar', ['--extract', '--gzip', '--file', path, '--directory', at('dashboard')]);
    config = {
      ...vmConfig({ ...props, archive: { key: `bundles/${sha256}.tar.gz`, sha256 } }),
      port: await freePort(),
      dataDir: at('data'),
    };
    mkdirSync(config.dataDir);
    writeFileSync(at('config.json'), JSON.stringify(config));
    Object.assign(process.env, emulator.env, { HE300_DATA_DIR: config.dataDir });
    aws = openAws(config, process.env);
    ({ s3 } = aws);
    await s3.send(new CreateBucketCommand({ Bucket: names.artifactBucket }));
    await aws.call('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: names.logGroups.dashboard });
  });
  afterAll(async () => {
    await endProcess(server);
    rmSync(dir, { recursive: true });
  });

  const environment = () => ({
    ...process.env,
    ...serverVariables(props.environment, props.dashboard),
    PORT: String(config.port),
    HE300_PUBLIC_READ: 'false',
    // The SDK warns of Node 20, which is no VM's.
    NODE_NO_WARNINGS: '1',
  });
  async function vm(command: string): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, [at('dashboard/vm.mjs'), command, at('config.json')], {
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said };
  }
  const parameter = async () => {
    const body = { Name: names.firstTokenParameter, WithDecryption: true };
    const answer = (await aws.call('ssm', 'AmazonSSM.GetParameter', body)) as {
      Parameter: { Value: string; Type: string };
    };
    return answer.Parameter;
  };
  const url = (path: string): string => `http://127.0.0.1:${config.port}${path}`;
  const asked = (path: string, secret = token) =>
    fetch(url(path), { headers: { authorization: `Bearer ${secret}` } });
  const backups = async () => {
    const found = await s3.send(
      new ListObjectsV2Command({ Bucket: names.artifactBucket, Prefix: config.backups }),
    );
    return (found.Contents ?? []).map(({ Key }) => Key!);
  };

  test('the first token is made once, and lies encrypted where the stack says', async () => {
    expect(await vm('first-token')).toMatchObject({ code: 0 });
    const first = await parameter();
    expect(first).toMatchObject({ Type: 'SecureString', Value: expect.stringMatching(/^he300_/) as string });
    token = first.Value;
    expect(await vm('first-token')).toMatchObject({ code: 0 });
    expect((await parameter()).Value).toBe(token);
  });

  test('the server starts from the archive alone, makes no second token, and knows the first', async () => {
    server = spawn(process.execPath, [program(), 'serve'], { env: environment(), cwd: dir });
    let said = '';
    for (const stream of [server.stdout!, server.stderr!])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(
      () =>
        fetch(url('/readyz')).then(
          ({ ok }) => ok,
          () => false,
        ),
      'the server',
    );
    expect(said).not.toContain('he300_');
    const tokens = await asked('/api/tokens');
    expect(tokens.status).toBe(200);
    expect(JSON.stringify(await tokens.json()).match(/"role":"admin"/g)).toHaveLength(1);
    expect((await asked('/api/tokens', 'he300_wrong')).status).toBe(401);
  });

  test.each(['/', '/runs', '/docs', '/docs/swagger-ui.css', '/openapi.json'])(
    'it has %s with it',
    async (path) => expect((await fetch(url(path))).status).toBe(200),
  );

  test('a backup is in the bucket under its own hash, was restored once, and leaves nothing on the disk', async () => {
    const before = Date.now();
    const { code, said } = await vm('backup');
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(/backup dashboard\/backups\/\S+: restored once\n$/) as string,
    });
    const [key, manifest, ...more] = await backups();
    expect(more).toEqual([]);
    expect(manifest).toBe(`${key}.json`);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.artifactBucket, Key: key! }));
    const bytes = await Body!.transformToByteArray();
    expect(key).toContain(createHash('sha256').update(bytes).digest('hex'));
    const last = JSON.parse(readFileSync(join(config.dataDir, LAST_BACKUP), 'utf8')) as LastCopy;
    expect(last.key).toBe(key);
    expect(Date.parse(last.at)).toBeGreaterThanOrEqual(before);
    expect(readdirSync(config.dataDir).filter((name) => name.startsWith('backup-'))).toEqual([]);
  });

  describe('a backup does not count', () => {
    const NOW = new Date('2026-01-02T03:04:05Z');
    const noted = (): string => readFileSync(join(config.dataDir, LAST_BACKUP), 'utf8');
    /** A dashboard whose commands do this. */
    const pretending = (backup: string, restore: string): string => {
      const path = at('pretending.mjs');
      writeFileSync(
        path,
        `import { writeFileSync } from 'node:fs';
         const [command, file] = process.argv.slice(2);
         const fail = (line) => { console.error(line); process.exit(1); };
         if (command === 'backup') { ${backup} } else { ${restore} }`,
      );
      return path;
    };
    const WRITES = `writeFileSync(file, 'copy'); writeFileSync(file + '.json', '{}');`;

    test.each([
      ['that cannot be made', `fail('the disk is full')`, '', 'backup: the disk is full'],
      ['that cannot be restored', WRITES, `fail('not a database')`, 'restore: not a database'],
    ])('%s', async (_what, backup, restore, said) => {
      const before = noted();
      await expect(backUp(config, pretending(backup, restore), s3, NOW)).rejects.toThrow(said);
      expect(noted()).toBe(before);
      expect(readdirSync(config.dataDir).filter((name) => name.startsWith('backup-'))).toEqual([]);
    });

    test('that no bucket takes', async () => {
      const elsewhere = { ...config, artifactBucket: 'nobodys-bucket' };
      const before = noted();
      await expect(backUp(elsewhere, program(), s3, NOW)).rejects.toThrow(/bucket/i);
      expect(noted()).toBe(before);
    });

    test('and what one that was cut off has left is removed by the next', async () => {
      const left = join(config.dataDir, 'backup-left');
      mkdirSync(left);
      await backUp(config, pretending(WRITES, ''), s3, NOW);
      expect(existsSync(left)).toBe(false);
    });
  });

  test('what the VM tells once a minute reaches the log group, figures and lines', async () => {
    const now = new Date();
    const health = await lookAtHealth(config, now);
    expect(health.Healthy).toBe(1);
    expect(health.DiskUsedPercent).toBeGreaterThan(0);
    const line = { timestamp: Date.now() - 1000, message: 'he300-dashboard.service: listening' };
    for (let minute = 0; minute < 2; minute++)
      await sendEvents(config, 'i-1', [metricLine(health, config.metrics, now), line], aws);
    const answer = (await aws.call('logs', 'Logs_20140328.GetLogEvents', {
      logGroupName: names.logGroups.dashboard,
      logStreamName: 'i-1',
      startFromHead: true,
    })) as { events: { message: string }[] };
    const messages = answer.events.map(({ message }) => message);
    expect(messages).toContain(line.message);
    const told = messages.find((message) => message.includes('_aws'))!;
    expect(JSON.parse(told)).toMatchObject({ Dashboard: 'he300-dev-dashboard', ...health });
  });

  test('a server that is gone is told as unhealthy, and an old backup by its age', async () => {
    await endProcess(server);
    writeFileSync(
      join(config.dataDir, LAST_BACKUP),
      JSON.stringify({ at: '2026-01-01T00:00:00Z', key: 'x' } satisfies LastCopy),
    );
    const health = await lookAtHealth(config, new Date('2026-01-02T00:00:00Z'));
    expect(health).toMatchObject({ Healthy: 0, BackupAgeHours: 24 });
  });
});
