/** Turns what a user asked for into a plan, and a plan back into what it needs. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Price } from '../contract/provenance';
import type { Scenario, Suite } from '../contract/suite';
import { readDataset } from '../dataset';
import { openEngine, type EngineOptions, WITH_OWN_WORDS } from '../engines';
import type { Engine, Generation } from '../engines/engine';
import { InputError } from '../errors';
import { openJudge, type JudgeOptions } from '../judge/open-judge';
import { thisMachine, thisRunner } from '../measure/host-facts';
import type { Objective } from '../measure/performance-window';
import { HE300_V1 } from '../prompts/he300-v1';
import { identityOf, parsePromptSet, type PromptSet } from '../prompts/prompt-set';
import { SERVER_WORDS } from '../prompts/server-words';
import { drawSample, sampleSha256 } from '../sampling/draw';
import { RunDirectory } from './directory';
import { utc } from './pass';
import { PLAN_SCHEMA, type Plan } from './plan';
import type { Provenance } from './provenance-file';

export interface RunRequest {
  readonly runId: string;
  readonly directory: string;
  readonly spec: Suite['spec'];
  readonly seed: number;
  readonly datasetDirectory: string;
  /** Only the first so many of the sample; undefined asks all. */
  readonly limit: number | undefined;
  /** A prompt file; undefined takes the project's own prompts. */
  readonly promptFile: string | undefined;
  readonly engine: EngineOptions;
  readonly generation: Generation;
  /** Null lets the search find it. */
  readonly concurrency: number | null;
  readonly rescoreFraction: number;
  readonly requestTimeLimitSeconds: number;
  readonly objective: Objective;
  readonly price: Price;
  /** A second model that reads the answers too. @default - none does */
  readonly judge?: JudgeOptions | undefined;
  /** @default - a person, on this machine */
  readonly provenance?: Pick<Provenance, 'trigger' | 'host'> | undefined;
}

export interface Begun {
  readonly directory: RunDirectory;
  readonly sample: readonly Scenario[];
  readonly engine: Engine;
  /** The second model that reads the answers too. @default - none does */
  readonly judge?: Engine;
  /** Where the server is; null when the engine has a place of its own for it. */
  readonly serverUrl: string | null;
  readonly notes: readonly string[];
}

/** @throws InputError before anything is written, when something that was asked for is not there */
export async function begin(request: RunRequest): Promise<Begun> {
  const promptSet = promptsOf(request.promptFile, request.engine);
  const { sample, suite } = drawSuite(request);
  const engine = await openEngine(request.engine, request.generation);
  let judge: Engine | undefined;
  try {
    const described = await engine.describe();
    const lacking = notesOnLacking(engine, sample);
    const {
      runId,
      generation,
      engine: engineOptions,
      datasetDirectory,
      concurrency,
      price,
      objective,
    } = request;
    const plan: Plan = {
      schema: PLAN_SCHEMA,
      runId,
      startedAt: utc(performance.now()),
      trigger: request.provenance?.trigger ?? { kind: 'manual' },
      suite,
      datasetDirectory: resolve(datasetDirectory),
      prompts: identityOf(promptSet),
      promptSet,
      model: described.model,
      engine: described.engine,
      engineOptions: withAbsolutePath(engineOptions),
      generation,
      host: request.provenance?.host ?? (await thisMachine()),
      runner: thisRunner(),
      price,
      concurrency,
      rescoreFraction: request.rescoreFraction,
      requestTimeLimitSeconds: request.requestTimeLimitSeconds,
      objective,
      ...(request.judge ? { judge: request.judge } : {}),
    };
    judge = request.judge && (await openJudge(request.judge));
    const directory = RunDirectory.create(request.directory, plan);
    const notes = [...described.notes, ...lacking];
    return {
      directory,
      sample,
      engine,
      ...(judge ? { judge } : {}),
      serverUrl: request.engine.url,
      notes,
    };
  } catch (error) {
    await Promise.all([engine.close(), judge?.close()]);
    throw error;
  }
}

/** A resume may be called from elsewhere. */
const withAbsolutePath = (options: EngineOptions): EngineOptions =>
  options.name === 'llama' && options.model !== null
    ? { ...options, model: resolve(options.model) }
    : options;

/** What a resumed run may do otherwise: its servers may have moved, and its dataset too. */
export interface Moved {
  readonly url?: string;
  readonly judgeUrl?: string;
  readonly datasetDirectory?: string;
}

/** @throws InputError when the sample or the model is no longer the same */
export async function resume(path: string, moved: Moved): Promise<Begun> {
  const directory = RunDirectory.open(path);
  const plan = directory.plan();
  directory.refuseComplete();
  const { spec, seed, scenarios, sampleSha256: expected } = plan.suite;
  const { sample, suite } = drawSuite({
    spec,
    seed,
    limit: scenarios,
    datasetDirectory: moved.datasetDirectory ?? plan.datasetDirectory,
  });
  if (suite.sampleSha256 !== expected)
    throw new InputError(
      `run: the sample of ${path} has SHA-256 ${suite.sampleSha256}; allowed: ${expected}, as planned`,
    );

  const serverUrl = moved.url ?? plan.engineOptions.url;
  const engine = await openEngine({ ...plan.engineOptions, url: serverUrl }, plan.generation);
  try {
    const { model, notes } = await engine.describe();
    if (model.digest !== plan.model.digest)
      throw new InputError(
        `run: ${model.name} has digest ${model.digest}; allowed: ${plan.model.digest}, as planned`,
      );
    const lacking = notesOnLacking(engine, sample);
    const judge = plan.judge && (await openJudge({ ...plan.judge, url: moved.judgeUrl ?? plan.judge.url }));
    return {
      directory,
      sample,
      engine,
      ...(judge ? { judge } : {}),
      serverUrl,
      notes: [...notes, ...lacking],
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** @throws InputError when the server has none of the scenarios */
export function notesOnLacking(engine: Engine, sample: readonly Scenario[]): string[] {
  const lacking = sample.filter((scenario) => engine.lacks?.(scenario));
  if (lacking.length === 0) return [];
  const categories = [...new Set(lacking.map(({ category }) => category))].join(', ');
  const what = `${lacking.length} of ${sample.length} scenarios (${categories})`;
  if (lacking.length === sample.length)
    throw new InputError(`run: the server lacks ${what}; allowed: a specification that it has scenarios of`);
  return [`the server lacks ${what}: each counts as an error`];
}

export function drawSuite({
  spec,
  seed,
  datasetDirectory,
  limit,
}: Pick<RunRequest, 'spec' | 'seed' | 'datasetDirectory' | 'limit'>): {
  sample: readonly Scenario[];
  suite: Suite;
} {
  const dataset = readDataset(spec, datasetDirectory);
  const whole = drawSample(dataset.scenarios, spec, seed);
  const sample = whole.slice(0, limit);
  const suite: Suite = {
    name: 'he300',
    spec,
    seed,
    scenarios: sample.length,
    sampleSha256: sampleSha256(sample),
    datasetSha256: dataset.sha256,
    comparable: spec !== 'starter' && sample.length === whole.length,
  };
  return { sample, suite };
}

/** @throws InputError */
export function promptsOf(file: string | undefined, { name }: Pick<EngineOptions, 'name'>): PromptSet {
  const ownWords = WITH_OWN_WORDS.has(name);
  if (file !== undefined && ownWords)
    throw new InputError(`prompts: ${file}; allowed: none with engine ${name}, which asks in its own words`);
  if (file === undefined) return ownWords ? SERVER_WORDS : HE300_V1;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`prompts: cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
  return parsePromptSet(text, file);
}
