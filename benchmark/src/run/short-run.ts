/** Runs for tests: the starter pack against a server, in a directory of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import { begin, type Begun, type RunRequest } from './begin';
import type { RunProgress } from './progress';
import { run, type RunOptions } from './run';
import { readSamples } from './sample-log';

export class ShortRun {
  private readonly root = mkdtempSync(join(tmpdir(), 'he300-short-'));
  /** Of the run. */
  readonly directory = join(this.root, 'run');

  path = (name: string): string => join(this.directory, name);

  request = (url: URL, change: Partial<RunRequest> = {}): RunRequest => ({
    runId: 'local-test',
    directory: this.directory,
    spec: 'starter',
    seed: 42,
    datasetDirectory: '/nowhere',
    limit: undefined,
    promptFile: undefined,
    engine: { name: 'openai', url: url.href, model: 'double' },
    generation: { temperature: 0, maxTokens: 64, seed: 42 },
    concurrency: 4,
    rescoreFraction: 0.1,
    requestTimeLimitSeconds: 5,
    objective: {},
    price: { usdPerHour: 1, capUsd: null, timeLimitMinutes: null },
    ...change,
  });

  async whole(url: URL, change: Partial<RunRequest> = {}): Promise<Results> {
    return this.finish(await begin(this.request(url, change)));
  }

  async finish(begun: Begun, change: Partial<RunOptions> = {}): Promise<Results> {
    const onProgress = (_: RunProgress): void => undefined;
    try {
      return await run({ ...begun, onProgress, stop: new AbortController().signal, ...change });
    } finally {
      await Promise.all([begun.engine.close(), begun.judge?.close()]);
    }
  }

  scored = (): Sample[] => readSamples(this.path('samples.jsonl')).filter(({ pass }) => pass === 'scored');

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
