/** A run from its plan to its signed results; a resumed one goes on where the sample log ends. */
import { performance as clock } from 'node:perf_hooks';
import { saturation as saturationSchema, type Saturation } from '../contract/performance';
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { JudgeScore } from '../contract/score';
import type { Scenario } from '../contract/suite';
import { WITH_OWN_WORDS } from '../engines';
import type { Engine } from '../engines/engine';
import { InputError } from '../errors';
import { openJudgeLog } from '../judge/judge-log';
import { isReadable, judgeAll } from '../judge/judge-pass';
import { judgeScoreOf } from '../judge/judge-score';
import type { Breaker } from '../load/breaker';
import type { WindowLimits } from '../load/meter';
import type { TimedRequest } from '../measure/timed-request';
import { PythonRandom } from '../sampling/python-random';
import { RunTelemetry, sourcesFor } from '../telemetry/run-telemetry';
import type { RunDirectory } from './directory';
import { findConcurrency, notSearched, withHeadroom } from './find-concurrency';
import { askAll, type PassReport, type Placed } from './pass';
import type { Plan } from './plan';
import type { OnProgress } from './progress';
import { promptsFile } from './prompts-file';
import { resultsOf, spentUsd } from './results-of';
import { SampleLog } from './sample-log';
import { runKey, signResults } from './signing';

export interface RunOptions {
  readonly directory: RunDirectory;
  /** In the order of the sample. */
  readonly sample: readonly Scenario[];
  readonly engine: Engine;
  /** A second model that reads the answers too. @default - none does */
  readonly judge?: Engine;
  /** Where the server is. @default - as planned */
  readonly serverUrl?: string | null;
  readonly onProgress: OnProgress;
  /** Ends the run with a partial result. */
  readonly stop: AbortSignal;
  readonly windowLimits?: WindowLimits;
  /** A new one for each pass. @default - one that waits a minute for a server that is gone */
  readonly breaker?: () => Breaker;
}

/** @throws InputError when the server is gone or the disk is full: what was scored so far is kept for a resume */
export async function run(options: RunOptions): Promise<Results> {
  const { directory, engine, judge, stop } = options;
  directory.lock();
  try {
    // Another process may have ended it since it was opened.
    directory.refuseComplete();
    const log = SampleLog.open(directory.file('samples'));
    const closeEngines = (): void => void Promise.all([engine.close(), judge?.close()]);
    stop.addEventListener('abort', closeEngines);
    try {
      return await watched(options, log);
    } finally {
      stop.removeEventListener('abort', closeEngines);
      await log.close();
    }
  } finally {
    directory.unlock();
  }
}

async function watched(options: RunOptions, log: SampleLog): Promise<Results> {
  const plan = options.directory.plan();
  const { name, url } = plan.engineOptions;
  const server = { engine: name, url: options.serverUrl ?? url };
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
    this.keepPrompts();
    onProgress({ type: 'begun', plan: this.plan, alreadyScored: this.done('scored').size });
    if (this.log.repaired)
      onProgress({ type: 'note', text: 'the last line of the sample log was cut off, and is left out' });

    const saturation = await this.saturation();
    const { chosenConcurrency } = saturation;
    const { sampler } = this.telemetry;
    const [scored, seen] = await sampler.during('scored', () => this.scoredPass(chosenConcurrency), {
      endsIdle: true,
    });
    const again = chosenConcurrency > 1 ? this.chosenToRescore() : [];
    if (!stop.aborted && again.length > 0) await sampler.during('rescored', () => this.rescoredPass(again));
    const judged = await this.judged();
    // What is signed has to be on disk first.
    await this.log.sync();

    const isWhole =
      this.left('scored', this.placed()).length === 0 &&
      this.left('rescored', again).length === 0 &&
      judged?.isWhole !== false;
    const results = resultsOf(this.plan, {
      sample: this.options.sample,
      samples: this.samples,
      saturation: withHeadroom(saturation, seen),
      report: scored,
      telemetry: seen,
      wattHours: this.telemetry.wattHours,
      judge: judged?.score,
      isWhole,
    });
    directory.write('results', `${JSON.stringify(signResults(JSON.stringify(results), key), null, 1)}\n`);
    // A run that is whole has nothing more to sign.
    if (!results.partial) directory.remove('key');
    onProgress({ type: 'ended', results, directory: directory.path });
    return results;
  }

  /** The same bytes each time. What another host has left may be cut off; what is whole stays, also where the disk is full by now. */
  private keepPrompts(): void {
    const { directory, sample } = this.options;
    const { engineOptions, promptSet } = this.plan;
    if (WITH_OWN_WORDS.has(engineOptions.name)) return;
    const text = promptsFile(promptSet, sample);
    if (!directory.has('prompts') || directory.read('prompts') !== text) directory.write('prompts', text);
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
    const left = this.left('scored', this.placed());
    const startedMs = clock.now();
    let outputTokens = 0;
    let correct = this.samples.filter(isCorrect).length;
    return this.pass('scored', left, concurrency, (answer, request, answered) => {
      outputTokens += request.outputTokens;
      if (isCorrect(answer)) correct++;
      const seconds = (clock.now() - startedMs) / 1000;
      onProgress({
        type: 'scored',
        done: sample.length - left.length + answered,
        total: sample.length,
        correct,
        concurrency,
        outputTokensPerSecond: outputTokens / seconds,
        etaSeconds: (seconds / answered) * (left.length - answered),
        costUsd: spentUsd(this.plan),
      });
    });
  }

  /** Because batching can change an answer: some of the scenarios are asked again, one at a time. */
  private chosenToRescore(): readonly Placed[] {
    const { rescoreFraction, suite } = this.plan;
    const count = Math.round(this.options.sample.length * rescoreFraction);
    return new PythonRandom(suite.seed).sample(this.placed(), count);
  }

  private rescoredPass(chosen: readonly Placed[]): Promise<PassReport> {
    const left = this.left('rescored', chosen);
    const total = chosen.length;
    return this.pass('rescored', left, 1, (_answer, _request, answered) => {
      this.options.onProgress({ type: 'rescored', done: total - left.length + answered, total });
    });
  }

  /** Undefined when no judge was to be asked. */
  private async judged(): Promise<{ score: JudgeScore; isWhole: boolean } | undefined> {
    const { directory, judge, onProgress, stop, breaker } = this.options;
    const { judge: planned, promptSet, requestTimeLimitSeconds } = this.plan;
    if (!judge || !planned) return undefined;
    const log = openJudgeLog(directory.file('judge'));
    try {
      const { replies, gone } = await judgeAll(this.samples, {
        judge,
        log,
        promptSet,
        concurrency: planned.concurrency,
        requestTimeLimitMs: requestTimeLimitSeconds * 1000,
        onProgress: (done, total) => onProgress({ type: 'judged', done, total }),
        stop,
        ...(breaker ? { breaker: breaker() } : {}),
      });
      if (gone !== null) onProgress({ type: 'note', text: `judge: ${gone}` });
      const isWhole = this.samples.filter(isReadable).every(({ scenarioId }) => replies.has(scenarioId));
      return { score: judgeScoreOf(this.samples, replies, promptSet, planned.model), isWhole };
    } finally {
      await log.close();
    }
  }

  private pass(
    pass: Sample['pass'],
    scenarios: readonly Placed[],
    concurrency: number,
    onAnswer: (sample: Sample, request: TimedRequest, answered: number) => void,
  ): Promise<PassReport> {
    const { engine, stop, breaker } = this.options;
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
      ...(breaker ? { breaker: breaker() } : {}),
    });
  }

  private placed(): readonly Placed[] {
    return this.options.sample.map((scenario, index) => ({ scenario, index }));
  }

  private left(pass: Sample['pass'], scenarios: readonly Placed[]): readonly Placed[] {
    const done = this.done(pass);
    return scenarios.filter(({ scenario }) => !done.has(scenario.id));
  }

  private done(pass: Sample['pass']): ReadonlySet<string> {
    return new Set(this.samples.filter((sample) => sample.pass === pass).map(({ scenarioId }) => scenarioId));
  }
}

const isCorrect = ({ pass, judgement }: Sample): boolean =>
  pass === 'scored' && judgement.outcome === 'correct';
