/** Whatever moment `he300 run` is killed at, a resume finishes it: every scenario scored once, and the log intact. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { modelDouble, type ModelDouble } from '../../benchmark/src/engines/model-double';
import { readSamples } from '../../benchmark/src/run/sample-log';
import { verify } from '../../benchmark/src/run/verify';
import { PythonRandom } from '../../benchmark/src/sampling/python-random';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { describeWithSharedData } from '../support/skip';

// A kill of the runner takes a second, where one of a deploy takes half a minute: 50 in a soak, where those are 10.
const KILLS = 5 * Number(process.env.HE300_FAULT_ROUNDS ?? 2);
const SEED = Number(process.env.HE300_FAULT_SEED ?? Date.now() % 1_000_000);
const CONCURRENCY = 4;

jest.setTimeout(300_000);

describeWithSharedData(`runs that are killed (HE300_FAULT_SEED=${SEED})`, (data) => {
  const random = new PythonRandom(SEED);
  let dir: string;
  let bundle: string;
  let server: ModelDouble;
  /** Called for each request, before the model sees it. */
  let asked: (() => false) | undefined;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-killed-'));
    bundle = buildRunnerBundle(join(dir, 'he300.mjs')).path;
    server = await modelDouble({ slots: CONCURRENCY, answerMs: 20, interfere: () => asked?.() ?? false });
  });
  afterAll(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });

  /** Begins the run in `out`, or goes on with it. */
  function start(out: string): ChildProcess {
    const asked = [
      '--dataset',
      join(data, 'ethics'),
      '--model',
      'double',
      '--concurrency',
      String(CONCURRENCY),
    ];
    const begin = ['run', ...asked, '--engine', 'openai', '--url', server.url.href, '--out', out];
    const argv = existsSync(join(out, 'plan.json')) ? ['run', '--resume', out] : begin;
    return spawn(process.execPath, [bundle, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  /**
   * Kills the run a moment after its request number `requests`: by the clock alone, a slow machine would only ever kill
   * runs that had not begun. Resolves to null when it was killed, else to its exit code.
   */
  async function killedAfter(requests: number, momentMs: number, out: string): Promise<number | null> {
    const child = start(out);
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    const stderr = text(child);
    let left = requests;
    const due = new Promise<void>((resolve) => {
      asked = () => {
        if (left-- === 0) resolve();
        return false;
      };
      if (requests === 0) resolve();
    });
    void due.then(() => delay(momentMs)).then(() => child.kill('SIGKILL'));
    const [code] = await ended;
    asked = undefined;
    // It was killed, or it was complete: nothing else may have happened.
    if (code !== null) expect([code, await stderr]).toEqual([0, '']);
    return code;
  }

  async function text({ stderr }: ChildProcess): Promise<string> {
    let all = '';
    for await (const chunk of stderr!) all += String(chunk);
    return all.replaceAll('he300: the last line of the sample log was cut off, and is left out\n', '');
  }

  function samplesIn(out: string): number {
    const log = join(out, 'samples.jsonl');
    return existsSync(log) ? readSamples(log).length : 0;
  }

  function checkWhole(out: string): void {
    const { results, samples } = verify(out);
    expect(results.partial).toBeNull();
    const scored = samples!.filter(({ pass }) => pass === 'scored').map(({ index }) => index);
    expect(scored.sort((a, b) => a - b)).toEqual([...Array(300).keys()]);
    expect(samples!.filter(({ pass }) => pass === 'rescored')).toHaveLength(30);
  }

  test(`${KILLS} kills at random moments cost no scenario, and none is scored twice`, async () => {
    let [kills, runs, scoredBetween] = [0, 0, 0];
    while (kills < KILLS) {
      const out = join(dir, `run-${runs++}`);
      for (let complete = false; !complete;) {
        // A run asks 330 times; when there were kills enough, it is left alone.
        const requests = kills < KILLS ? random.randomBelow(80) : Number.POSITIVE_INFINITY;
        const [logged, askedBefore] = [samplesIn(out), server.asked.length];
        complete = (await killedAfter(requests, random.randomBelow(150), out)) === 0;
        // Nothing that had reached the log is asked again.
        expect(server.asked.length - askedBefore).toBeLessThanOrEqual(330 - logged);
        if (complete) break;
        kills++;
        if (samplesIn(out) > 0) scoredBetween++;
      }
      checkWhole(out);
    }
    process.stderr.write(
      `killed runs: ${kills} kills over ${runs} runs, ${scoredBetween} with samples in the log\n`,
    );
    expect(scoredBetween).toBeGreaterThan(0);
  });
});
