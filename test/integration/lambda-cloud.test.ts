/** The real `npm run lambda` against Lambda Cloud's double: what is left when its process is killed, and when two run. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../ops/lib/lambda-cloud/commands';
import { API_KEY, JUPYTER_TOKEN, LambdaCloudDouble, type Moment } from '../support/lambda-cloud.double';
import { randomNumbers } from '../support/random-numbers';
import { describeWithSharedData } from '../support/skip';

const PROJECT = join(__dirname, '../..');
const ROUNDS = 20;
const SEED = Number(process.env.HE300_FAULT_SEED ?? Date.now() % 1_000_000);
/** At the vendor's pace twenty launches would take many minutes. */
const FAST = { LAMBDA_CLOUD_REQUESTS_PER_SECOND: '1000', LAMBDA_CLOUD_LAUNCHES_PER_MINUTE: '60000' };

jest.setTimeout(300_000);

describeWithSharedData(`npm run lambda (HE300_FAULT_SEED=${SEED})`, (data) => {
  const folder = mkdtempSync(join(tmpdir(), 'he300-lambda-'));
  const userData = join(folder, 'user-data');
  const LAUNCH = ['launch', 'dev', '--type', 'gpu_1x_a10', '--user-data', userData, '--json'];
  const LAUNCH_IN_TWO = [...LAUNCH, '--region', 'us-west-1', '--region', 'us-east-1'];
  let double: LambdaCloudDouble;
  beforeAll(() => writeFileSync(userData, '#cloud-config\n'));
  beforeEach(async () => void (double = await LambdaCloudDouble.start(data)));
  afterEach(async () => {
    await double.stop();
    expect(double.faults).toEqual([]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const variables = () => ({
    ...FAST,
    LAMBDA_CLOUD_ENDPOINT: double.endpoint,
    LAMBDA_CLOUD_API_KEY: API_KEY,
  });
  const alive = () => double.instances.filter(({ status }) => status !== 'terminated');

  /** The process that a person's or Terraform's call starts. */
  function start(args: readonly string[]) {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, ['--import', 'tsx', 'ops/lambda.ts', ...args], {
      cwd: PROJECT,
      env: { PATH, HOME, ...variables() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const finished = once(child, 'close').then(([code]) => {
      // Nobody may read the key there, nor the token that opens a host's notebook.
      for (const secret of [API_KEY, JUPYTER_TOKEN]) expect(stdout + stderr).not.toContain(secret);
      return { code: code as number | null, stdout, stderr };
    });
    return { child, finished };
  }

  async function result(args: readonly string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await start(args).finished;
    if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The same code within this process: of those that are not killed, one need not be the real one each time. */
  async function launchHere(): Promise<Record<string, unknown>> {
    Object.assign(process.env, variables());
    let [stdout, stderr] = ['', ''];
    const code = await COMMANDS.launch!.execute(LAUNCH_IN_TWO, {
      stdout: (text) => void (stdout += text),
      stderr: (text) => void (stderr += text),
      onInterrupt: () => undefined,
    });
    if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Launches, and kills the launch at a moment of its n-th request. @returns where that was */
  async function killAt(request: number, moment: Moment): Promise<string> {
    const { child, finished } = start(LAUNCH_IN_TWO);
    let [count, where] = [0, 'not at all'];
    double.onMoment = async (what, now) => {
      if (now === 'received') count += 1;
      if (count !== request || now !== moment) return;
      where = `${what}, ${moment}`;
      await killed(child);
    };
    await finished;
    double.onMoment = () => undefined;
    return where;
  }

  describe(`a launch that is killed at ${ROUNDS} random points`, () => {
    /** What a launch asks for. Between two moments of these, nothing outside of it changes. */
    const REQUESTS = 11;
    const MOMENTS: readonly Moment[] = ['received', 'done', 'answered'];
    const random = randomNumbers(SEED);
    const points = Array.from({ length: ROUNDS }, (_, i) => {
      const request = 1 + Math.floor(random() * REQUESTS);
      return [i + 1, request, MOMENTS[Math.floor(random() * MOMENTS.length)]!] as const;
    });
    const told: string[] = [];
    afterAll(() => process.stderr.write(`killed launches:\n${told.map((line) => `  ${line}\n`).join('')}`));

    test.each(points)(
      '%i: in request %i, %s; leaves one or none, and the next one',
      async (_i, request, moment) => {
        const where = await killAt(request, moment);
        const left = alive().length;
        told.push(`${where}: ${left} left`);
        expect(left).toBeLessThanOrEqual(1);
        const { id, launched } = await launchHere();
        expect(launched).toBe(left === 0);
        expect(double.instances.map((one) => one.id)).toEqual([id]);
      },
    );

    test('each of them was killed', () =>
      expect(told.filter((line) => /^not at all/.test(line))).toEqual([]));
  });

  test('a launch that is killed before it is told of its host: the next process finds it, and one ends it', async () => {
    expect(await killAt(9, 'done')).toBe('POST /api/v1/instance-operations/launch, done');
    const [host] = alive();
    expect(await result(LAUNCH_IN_TWO)).toMatchObject({ id: host!.id, launched: false });
    const ended = { prefix: 'he300-dev', ended: [host!.id] };
    expect(await result(['terminate', '--prefix', 'he300-dev', '--json'])).toEqual(ended);
    expect(await result(['terminate', 'dev', '--json'])).toEqual({ ...ended, ended: [] });
    expect(double.instances.map(({ status }) => status)).toEqual(['terminated']);
  });

  test('Ctrl-C ends the host that was launched, and the process waits for it', async () => {
    double.account.listLagMs = 600_000;
    const { child, finished } = start(LAUNCH_IN_TWO);
    double.onMoment = (what, moment) => {
      if (what.endsWith('/instances') && moment === 'done' && alive().length > 0) child.kill('SIGINT');
    };
    expect((await finished).code).toBe(130);
    expect(double.instances.map(({ status }) => status)).toEqual(['terminated']);
  });

  test('two launches at once end with one host, which both name', async () => {
    // Both have looked, and neither has seen the other's, when they launch.
    const launches: (() => void)[] = [];
    double.onMoment = (what, moment) => {
      if (!what.endsWith('/launch') || moment !== 'received') return;
      return new Promise<void>((go) => {
        launches.push(go);
        if (launches.length === 2) for (const one of launches) one();
      });
    };
    const ids = (await Promise.all([result(LAUNCH_IN_TWO), result(LAUNCH_IN_TWO)])).map(({ id }) => id);
    expect(double.instances).toHaveLength(2);
    expect(alive().map(({ id }) => id)).toEqual([ids[0]]);
    expect(ids[1]).toBe(ids[0]);
  });
});

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
