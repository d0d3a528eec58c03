/** `he300 run` as a process: told to stop, or out of room, it ends cleanly and leaves what a resume needs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelDouble, type ModelDouble } from '../../benchmark/src/engines/model-double';
import { readSamples } from '../../benchmark/src/run/sample-log';
import { verify } from '../../benchmark/src/run/verify';
import { buildRunnerBundle } from '../../ops/lib/bundle';

jest.setTimeout(120_000);

let dir: string;
let bundle: string;
let server: ModelDouble;
/** Called for each request, before the model sees it. */
let onRequest: (() => void) | undefined;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'he300-interrupted-'));
  bundle = buildRunnerBundle(join(dir, 'he300.mjs')).path;
  const interfere = (): false => {
    onRequest?.();
    return false;
  };
  server = await modelDouble({ slots: 4, answerMs: 20, interfere });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});
afterEach(() => (onRequest = undefined));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

const starter = (out: string): string[] => [
  ...['run', '--spec', 'starter', '--engine', 'openai', '--url', server.url.href, '--model', 'double'],
  ...['--out', out],
];
const start = (argv: readonly string[]): ChildProcess =>
  spawn(process.execPath, [bundle, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });

/** Sends the signal when the server gets its request number `requests`. */
function interrupted(signal: NodeJS.Signals, requests: number, argv: readonly string[]): Promise<Ended> {
  let left = requests;
  const child = start(argv);
  onRequest = () => void (--left === 0 && child.kill(signal));
  return ended(child);
}

async function expectComplete(out: string): Promise<void> {
  const { code, stderr } = await ended(start(['run', '--resume', out]));
  expect({ code, stderr: stderr.replace(/^he300: the last line of the sample log .*\n/, '') }).toEqual({
    code: 0,
    stderr: '',
  });
  const { results, samples } = verify(out);
  expect(results.partial).toBeNull();
  const scored = samples!.filter(({ pass }) => pass === 'scored').map(({ index }) => index);
  expect(scored.sort((a, b) => a - b)).toEqual([...Array(60).keys()]);
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a run with a partial result that says so, code 130, and nothing in flight; a resume completes it',
  async (signal) => {
    const out = join(dir, signal);
    const { stdout, stderr, ...how } = await interrupted(signal, 25, [...starter(out), '--concurrency', '4']);
    expect({ ...how, stderr }).toEqual({ code: 130, signal: null, stderr: '' });
    expect(stdout).toContain('PARTIAL: it was stopped; ');
    const { results, samples } = verify(out);
    const scored = samples!.filter(({ pass }) => pass === 'scored').length;
    expect(results.partial).toEqual({ reason: 'it was stopped', scored: scored / 60 });
    expect(results.score.overall).toMatchObject({ scenarios: scored, errors: 0 });
    expect(scored).toBeGreaterThanOrEqual(20);
    expect(scored).toBeLessThan(60);
    expect(existsSync(join(out, 'lock'))).toBe(false);
    await expectComplete(out);
  },
);

test('SIGINT while the concurrency is searched leaves a run in which nothing was scored', async () => {
  const out = join(dir, 'search');
  const { code, stdout, stderr } = await interrupted('SIGINT', 5, starter(out));
  expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  expect(stdout).toContain('PARTIAL: it was stopped; 0.0 % of the scenarios were asked');
  expect(verify(out)).toMatchObject({
    results: { partial: { scored: 0 }, performance: { saturation: { verdict: 'not-searched' } } },
    samples: [],
  });
  expect(existsSync(join(out, 'search.json'))).toBe(false);
  expect(existsSync(join(out, 'key.pem'))).toBe(true);
});

test('a disk that is full in the middle of a line ends the run in one line; the cut line is not lost, but asked again', async () => {
  const out = join(dir, 'full');
  await interrupted('SIGINT', 5, [...starter(out), '--concurrency', '4']);
  // A limit on the size of files does what a full disk does: the last write is cut short, and then none succeeds.
  const limited = 'trap "" XFSZ; ulimit -f 40; exec "$@"';
  const argv = [process.execPath, bundle, 'run', '--resume', out];
  const child = spawn('sh', ['-c', limited, 'sh', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { code, stdout, stderr } = await ended(child);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^he300: sample log: cannot write .*: EFBIG: .*; free the disk and resume\n$/);
  const log = join(out, 'samples.jsonl');
  expect(statSync(log).size).toBe(40 * 512);
  const kept = readSamples(log);
  expect(kept.length).toBeGreaterThan(10);
  await expectComplete(out);
  expect(readSamples(log).slice(0, kept.length)).toEqual(kept);
});
