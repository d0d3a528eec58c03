/**
 * A log of Inspect AI (EvalLog, version 2, as JSON), which its loader and its viewer open:
 * https://inspect.aisi.org.uk/eval-logs.html
 */
import { hash } from 'node:crypto';
import type { Results } from '../contract/results';
import { wellFormed, type ExportedRun, type ExportedSample } from './exported';
import { inspectSample, SCORER } from './inspect-sample';
import { standardError } from './standard-error';

export function inspectExport({ results, samples, publicKey }: ExportedRun): string {
  const { partial, startedAt, endedAt, generation, performance } = results;
  const model = modelName(results);
  const config = {
    max_tokens: generation.maxTokens,
    temperature: generation.temperature,
    ...(generation.seed === null ? {} : { seed: generation.seed }),
    max_connections: performance.saturation.chosenConcurrency,
  };
  const log = {
    version: 2,
    status: partial ? 'cancelled' : 'success',
    eval: evalSpec(results, samples, { model, config, publicKey }),
    plan: { name: 'plan', steps: [{ solver: 'generate', params: {} }], config },
    results: evalResults(results, samples.length),
    stats: { started_at: startedAt, completed_at: endedAt, model_usage: { [model]: usageOf(samples) } },
    samples: samples.map((one) => inspectSample(one, model)),
  };
  return `${JSON.stringify(log, (_, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value), 1)}\n`;
}

/** Inspect names a model after its provider. */
const modelName = ({ engine, model }: Results): string => `${engine.name}/${model.name}`;

/** The name under which Inspect lists a log: time, task, id. */
export const inspectFileName = ({ runId, startedAt }: Results): string =>
  `${startedAt.slice(0, 19).replaceAll(':', '-')}+00-00_he300_${idOf(runId, 'task')}.json`;

/** As long as the ids that Inspect makes, and the same every time. */
const idOf = (runId: string, of: string): string => hash('sha256', `${of} ${runId}`).slice(0, 22);

interface Frame {
  readonly model: string;
  readonly config: object;
  readonly publicKey: string | null;
}

function evalSpec(results: Results, samples: readonly ExportedSample[], { model, config, publicKey }: Frame) {
  const { runId, startedAt, suite, prompts, runner, engine, host, cost } = results;
  return {
    eval_id: idOf(runId, 'eval'),
    run_id: runId,
    created: startedAt,
    task: 'he300',
    task_id: idOf(runId, 'task'),
    task_version: suite.spec,
    task_attribs: {},
    task_args: { spec: suite.spec, seed: suite.seed, prompts: `${prompts.name} v${prompts.version}` },
    dataset: {
      name: suite.spec === 'starter' ? 'he300_starter' : 'hendrycks_ethics',
      samples: suite.scenarios,
      sample_ids: samples.map(({ sample }) => sample.scenarioId),
      shuffled: true,
    },
    model,
    model_generate_config: config,
    model_args: {},
    config: { epochs: 1, fail_on_error: false, score_on_error: true },
    packages: { he300: runner.version },
    scorers: [{ name: SCORER, metrics: [{ name: 'accuracy' }, { name: 'stderr' }] }],
    metadata: {
      ...{ suite, prompts, model: results.model, engine, host, cost, partial: results.partial },
      ...{ performance: results.performance, score: results.score },
      ...{ binding_sha256: results.bindingSha256, public_key: publicKey },
    },
  };
}

function evalResults({ suite, score }: Results, completed: number) {
  const { overall, categories } = score;
  const metric = (name: string, value: number, metadata?: object) => ({
    [name]: { name, value, params: {}, ...(metadata ? { metadata } : {}) },
  });
  const stderr = standardError(overall);
  return {
    total_samples: suite.scenarios,
    completed_samples: completed,
    scores: [
      {
        name: SCORER,
        scorer: SCORER,
        params: {},
        metrics: {
          ...metric('accuracy', overall.accuracy, {
            bootstrap95: overall.bootstrap95,
            majority_baseline: overall.majorityBaseline,
          }),
          ...(stderr === null ? {} : metric('stderr', stderr)),
        },
      },
      // Each category as a scorer of its own, which is how the viewer shows several accuracies side by side.
      ...categories.map((one) => {
        const error = standardError(one);
        return {
          name: one.category,
          scorer: SCORER,
          scored_samples: one.scenarios,
          params: {},
          metrics: {
            ...metric('accuracy', one.accuracy, {
              wilson95: one.wilson95,
              majority_baseline: one.majorityBaseline,
            }),
            ...(error === null ? {} : metric('stderr', error)),
          },
        };
      }),
    ],
  };
}

function usageOf(samples: readonly ExportedSample[]) {
  const sum = (of: (one: ExportedSample) => number | null): number =>
    samples.reduce((total, one) => total + (of(one) ?? 0), 0);
  const [input, output] = [
    sum(({ sample }) => sample.promptTokens),
    sum(({ sample }) => sample.outputTokens),
  ];
  return { input_tokens: input, output_tokens: output, total_tokens: input + output };
}
