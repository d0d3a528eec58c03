import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { answers, startEmulator } from '../../ops/lib/emulator';
import { daemonStatus, startDaemon, stopDaemon } from '../../ops/lib/emulator-daemon';
import { commandLine } from '../../ops/lib/process';
import { withEmulator } from '../support/emulator';
import { freePort } from '../support/free-port';
import { describeWithTools } from '../support/skip';

const PROJECT = join(__dirname, '../..');

/** A port that is taken, by a server that speaks no HTTP, while `body` runs. */
async function withTakenPort(body: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await body((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describeWithTools(['moto'], 'the emulator', () => {
  test('says so when the port belongs to something else', () =>
    withTakenPort(async (port) => {
      await expect(startEmulator({ port })).rejects.toThrow(
        `port ${port} is in use by something else; choose another with --port`,
      );
    }));

  test('ends with the process that started it, even one killed outright', async () => {
    const script = `
      require('./ops/lib/emulator.ts').startEmulator().then(({ pid, port }) => {
        console.log(JSON.stringify({ pid, port }));
        setInterval(() => undefined, 60_000);
      });`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd: PROJECT });
    const [line] = await once(parent.stdout, 'data');
    const { pid, port } = JSON.parse(String(line));
    expect(await answers(port)).toBe(true);
    parent.kill('SIGKILL');
    while (commandLine(pid) !== '') await new Promise((resolve) => setImmediate(resolve));
    expect(await answers(port)).toBe(false);
  }, 60_000);

  test('is gone when stop() returns', async () => {
    const { pid, port, stop } = await startEmulator();
    await stop();
    expect(commandLine(pid)).toBe('');
    expect(await answers(port)).toBe(false);
    await stop();
  }, 60_000);

  describe('for a suite', () => {
    const emulator = withEmulator();

    test('answers an AWS client that knows nothing but its environment', async () => {
      const credentials = {
        accessKeyId: emulator.env['AWS_ACCESS_KEY_ID'] as string,
        secretAccessKey: emulator.env['AWS_SECRET_ACCESS_KEY'] as string,
      };
      const region = emulator.env['AWS_REGION'] as string;
      const s3 = new S3Client({ endpoint: emulator.endpoint, region, credentials, forcePathStyle: true });
      await expect(s3.send(new HeadBucketCommand({ Bucket: 'first-bucket' }))).rejects.toThrow();
      await s3.send(new CreateBucketCommand({ Bucket: 'first-bucket' }));
      await s3.send(new HeadBucketCommand({ Bucket: 'first-bucket' }));
    });
  });
});

describeWithTools(['moto'], 'the emulator in the background', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-daemon-'))));
  afterEach(async () => {
    await stopDaemon(dir);
    rmSync(dir, { recursive: true });
  });

  test('never stops a process that merely inherited its process id', async () => {
    const bystander = spawn('sleep', ['60'], { detached: true });
    writeFileSync(join(dir, 'emulator.json'), JSON.stringify({ pid: bystander.pid, port: 5555 }));
    expect(await daemonStatus(dir)).toBeUndefined();
    expect(await stopDaemon(dir)).toBe(false);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
    bystander.kill();
    await once(bystander, 'exit');
  });

  test('starts once, says where it is, refuses a second port, and stops', async () => {
    const port = await freePort();
    const first = await startDaemon(dir, port);
    expect(first).toMatchObject({ port, alreadyRan: false });
    expect(await startDaemon(dir)).toEqual({ ...first, alreadyRan: true });
    await expect(startDaemon(dir, port + 1)).rejects.toThrow(
      `already running at port ${port}; stop it first`,
    );
    expect(await daemonStatus(dir)).toEqual({ pid: first.pid, port });
    expect(await stopDaemon(dir)).toBe(true);
    expect(await daemonStatus(dir)).toBeUndefined();
    expect(commandLine(first.pid)).toBe('');
  }, 60_000);
});

test('the emulator script refuses what it does not know', () => {
  const call = (...args: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'ops/emulator.ts', ...args], {
      cwd: PROJECT,
      encoding: 'utf8',
    });
    return { status, stderr };
  };
  expect(call('frob')).toEqual({
    status: 2,
    stderr: "emulator: unknown action 'frob'; allowed: start, stop, status, env\n",
  });
  expect(call('start', '--port', 'x').stderr).toBe("emulator: --port: 'x'; allowed: 1 to 65535\n");
});
