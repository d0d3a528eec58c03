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
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-killed-'));
    bundle = buildRunnerBundle(join(dir, 'he300.mjs')).path;
    server = await modelDouble({ slots: CONCURRENCY, answerMs: 20 });
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

  /** Null when it ended by itself before. */
  async function killedAfter(ms: number, out: string): Promise<number | null> {
    const child = start(out);
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    const stderr = text(child);
    const patience = new AbortController();
    const first = await Promise.race([ended, delay(ms, undefined, patience).catch(() => undefined)]);
    patience.abort();
    if (!first) child.kill('SIGKILL');
    const [code] = await ended;
    // It was killed, or it was complete: nothing else may have happened.
    if (code !== null) expect([code, await stderr]).toEqual([0, '']);
    return code;
  }

  async function text({ stderr }: ChildProcess): Promise<string> {
    let all = '';
    for await (const chunk of stderr!) all += String(chunk);
    return all.replaceAll('he300: the last line of the sample log was cut off, and is left out\n', '');
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
      const askedBefore = server.asked.length;
      let killsOfRun = 0;
      for (let complete = false; !complete;) {
        // A whole run takes some two seconds; the last kills of the round leave it alone.
        const patience = kills + killsOfRun < KILLS ? random.randomBelow(1_500) : 120_000;
        complete = (await killedAfter(patience, out)) === 0;
        if (!complete) killsOfRun++;
        const log = join(out, 'samples.jsonl');
        if (!complete && existsSync(log) && readSamples(log).length > 0) scoredBetween++;
      }
      checkWhole(out);
      kills += killsOfRun;
      // What is asked twice is at most what was in flight, or waited for its batch to reach the disk, when a kill came.
      const askedTwice = server.asked.length - askedBefore - 330;
      const batch = (CONCURRENCY / 20) * (50 + 100);
      expect(askedTwice).toBeLessThanOrEqual(killsOfRun * (CONCURRENCY + batch));
    }
    process.stderr.write(
      `killed runs: ${kills} kills over ${runs} runs, ${scoredBetween} with samples in the log\n`,
    );
    expect(scoredBetween).toBeGreaterThan(0);
  });
});
