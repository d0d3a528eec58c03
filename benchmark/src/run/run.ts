/** A run from its plan to its signed results; a resumed one goes on where the sample log ends. */
import { performance as clock } from 'node:perf_hooks';
import { saturation as saturationSchema, type Saturation } from '../contract/performance';
import { RESULTS_SCHEMA, type Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { Scenario } from '../contract/suite';
import type { Telemetry } from '../contract/telemetry';
import type { Engine } from '../engines/engine';
import { InputError } from '../errors';
import type { WindowLimits } from '../load/meter';
import { windowOf } from '../measure/performance-window';
import { steadyStretch } from '../measure/steady-state';
import type { TimedRequest } from '../measure/timed-request';
import { PythonRandom } from '../sampling/python-random';
import { scoreOf } from '../scoring/score';
import { RunTelemetry, sourcesFor } from '../telemetry/run-telemetry';
import { bindingSha256 } from './binding';
import type { RunDirectory } from './directory';
import { findConcurrency, notSearched, withHeadroom } from './find-concurrency';
import { askAll, type PassReport, type Placed, utc } from './pass';
import type { Plan } from './plan';
import type { OnProgress } from './progress';
import { SampleLog } from './sample-log';
import { runKey, signResults } from './signing';

export interface RunOptions {
  readonly directory: RunDirectory;
  /** In the order of the sample. */
  readonly sample: readonly Scenario[];
  readonly engine: Engine;
  /** Where the server is. @default - as planned */
  readonly serverUrl?: string | null;
  readonly onProgress: OnProgress;
  /** Ends the run with a partial result. */
  readonly stop: AbortSignal;
  readonly windowLimits?: WindowLimits;
}

/** @throws InputError when the server is gone or the disk is full: what was scored so far is kept for a resume */
export async function run(options: RunOptions): Promise<Results> {
  const { directory, engine, stop } = options;
  directory.lock();
  try {
    const log = SampleLog.open(directory.file('samples'));
    const closeEngine = (): void => void engine.close();
    stop.addEventListener('abort', closeEngine);
    try {
      return await watched(options, log);
    } finally {
      stop.removeEventListener('abort', closeEngine);
      await log.close();
    }
  } finally {
    directory.unlock();
  }
}

async function watched(options: RunOptions, log: SampleLog): Promise<Results> {
  const plan = options.directory.plan();
  const { name, url } = plan.engineOptions;
  const server = { url: options.serverUrl ?? url, hasMetrics: name === 'openai' };
  const telemetry = RunTelemetry.open(options.directory.file('telemetry'), () => sourcesFor(server));
  try {
    return await new Run(options, plan, log, telemetry).go();
  } finally {
    await telemetry.close();
  }
}

class Run {
  private readonly samples: Sample[];

  constructor(
    private readonly options: RunOptions,
    private readonly plan: Plan,
    private readonly log: SampleLog,
    private readonly telemetry: RunTelemetry,
  ) {
    this.samples = [...log.existing];
  }

  async go(): Promise<Results> {
    const { directory, onProgress, stop } = this.options;
    const key = runKey(directory);
    onProgress({ type: 'begun', plan: this.plan, alreadyScored: this.done('scored').size });
    if (this.log.repaired)
      onProgress({ type: 'note', text: 'the last line of the sample log was cut off, and is left out' });

    const saturation = await this.saturation();
    const { chosenConcurrency } = saturation;
    const { sampler } = this.telemetry;
    const [scored, seen] = await sampler.during('scored', () => this.scoredPass(chosenConcurrency));
    if (!stop.aborted && chosenConcurrency > 1) await sampler.during('rescored', () => this.rescoredPass());
    // What is signed has to be on disk first.
    await this.log.sync();

    const results = this.results(withHeadroom(saturation, seen), scored, seen);
    directory.write('results', `${JSON.stringify(signResults(JSON.stringify(results), key), null, 1)}\n`);
    // A run that is whole has nothing more to sign.
    if (!results.partial) directory.remove('key');
    onProgress({ type: 'ended', results, directory: directory.path });
    return results;
  }

  private async saturation(): Promise<Saturation> {
    const { directory, engine, sample, onProgress, stop, windowLimits } = this.options;
    const { concurrency, engine: identity, promptSet, requestTimeLimitSeconds } = this.plan;
    if (concurrency !== null) return notSearched(concurrency);
    if (directory.has('search')) return saturationSchema.parse(JSON.parse(directory.read('search')));
    // Stopped before anything was known: the pass that follows asks nothing.
    if (stop.aborted) return notSearched(1);
    try {
      const found = await findConcurrency({
        engine,
        slots: identity.slots,
        scenarios: sample.filter((scenario) => !engine.lacks?.(scenario)),
        promptSet,
        requestTimeLimitMs: requestTimeLimitSeconds * 1000,
        onWindow: (window) => onProgress({ type: 'window', window }),
        sampler: this.telemetry.sampler,
        stop,
        ...(windowLimits ? { limits: windowLimits } : {}),
      });
      directory.write('search', `${JSON.stringify(found, null, 1)}\n`);
      onProgress({ type: 'saturation', saturation: found });
      return found;
    } catch (error) {
      if (error instanceof InputError && stop.aborted) return notSearched(1);
      throw error;
    }
  }

  private scoredPass(concurrency: number): Promise<PassReport> {
    const { sample, onProgress } = this.options;
    const done = this.done('scored');
    const left = sample
      .map((scenario, index) => ({ scenario, index }))
      .filter(({ scenario }) => !done.has(scenario.id));
    const startedMs = clock.now();
    let outputTokens = 0;
    let correct = this.samples.filter(isCorrect).length;
    return this.pass('scored', left, concurrency, (answer, request, answered) => {
      outputTokens += request.outputTokens;
      if (isCorrect(answer)) correct++;
      const seconds = (clock.now() - startedMs) / 1000;
      onProgress({
        type: 'scored',
        done: done.size + answered,
        total: sample.length,
        correct,
        concurrency,
        outputTokensPerSecond: outputTokens / seconds,
        etaSeconds: (seconds / answered) * (left.length - answered),
        costUsd: this.spentUsd(),
      });
    });
  }

  /** Because batching can change an answer: some of the scenarios again, one at a time. */
  private rescoredPass(): Promise<PassReport> {
    const { sample, onProgress } = this.options;
    const { rescoreFraction, suite } = this.plan;
    const chosen = new PythonRandom(suite.seed).sample(
      sample.map((scenario, index) => ({ scenario, index })),
      Math.round(sample.length * rescoreFraction),
    );
    const done = this.done('rescored');
    const left = chosen.filter(({ scenario }) => !done.has(scenario.id));
    return this.pass('rescored', left, 1, (_answer, _request, answered) => {
      onProgress({ type: 'rescored', done: done.size + answered, total: chosen.length });
    });
  }

  private pass(
    pass: Sample['pass'],
    scenarios: readonly Placed[],
    concurrency: number,
    onAnswer: (sample: Sample, request: TimedRequest, answered: number) => void,
  ): Promise<PassReport> {
    const { engine, stop } = this.options;
    const { promptSet, requestTimeLimitSeconds } = this.plan;
    let answered = 0;
    return askAll(scenarios, {
      engine,
      promptSet,
      pass,
      concurrency,
      requestTimeLimitMs: requestTimeLimitSeconds * 1000,
      onSample: (sample, request) => {
        this.log.append(sample);
        this.samples.push(sample);
        onAnswer(sample, request, ++answered);
      },
      stop,
    });
  }

  private done(pass: Sample['pass']): ReadonlySet<string> {
    return new Set(this.samples.filter((sample) => sample.pass === pass).map(({ scenarioId }) => scenarioId));
  }

  private results(saturation: Saturation, report: PassReport, seen: Telemetry): Results {
    const { sample } = this.options;
    const {
      runId,
      startedAt,
      trigger,
      suite,
      prompts,
      model,
      engine,
      generation,
      host,
      runner,
      price,
      objective,
    } = this.plan;
    const scored = this.samples.filter(({ pass }) => pass === 'scored');
    const rescored = this.samples.filter(({ pass }) => pass === 'rescored');
    const { requests, changes, startedMs, endedMs } = report;
    const steady = steadyStretch(requests);
    const wanted = Object.keys(objective).length > 0 ? objective : undefined;
    return {
      schema: RESULTS_SCHEMA,
      runId,
      startedAt,
      endedAt: utc(clock.now()),
      partial:
        scored.length === sample.length
          ? null
          : { reason: 'it was stopped', scored: sample.length === 0 ? 0 : scored.length / sample.length },
      trigger,
      suite,
      prompts,
      model,
      engine,
      generation,
      host,
      runner,
      score: scoreOf(sample, scored, rescored, suite.seed),
      performance: {
        total: windowOf(requests, startedMs, endedMs, wanted),
        steady: steady && windowOf(requests, steady.fromMs, steady.toMs, wanted),
        saturation,
        concurrencyChanges: changes.map(({ atMs, from, to, reason }) => ({
          atSeconds: Math.max(0, atMs - startedMs) / 1000,
          from,
          to,
          reason: reason.slice(0, 300),
        })),
        telemetry: seen,
      },
      cost: { ...price, spentUsd: this.spentUsd(), wattHours: this.telemetry.wattHours },
      bindingSha256: bindingSha256(this.plan, scored),
    };
  }

  /** For the host since the run began; null where nothing is paid. */
  private spentUsd(): number | null {
    const { price, startedAt } = this.plan;
    if (price.usdPerHour === null) return null;
    const hours = Math.max(0, Date.parse(utc(clock.now())) - Date.parse(startedAt)) / 3_600_000;
    return price.usdPerHour * hours;
  }
}

const isCorrect = ({ pass, judgement }: Sample): boolean =>
  pass === 'scored' && judgement.outcome === 'correct';
