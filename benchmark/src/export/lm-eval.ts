/**
 * Results and samples as lm-evaluation-harness lays them down, for its tables and for whatever reads its files:
 * https://github.com/EleutherAI/lm-evaluation-harness, `lm_eval/result_schema.py`
 */
import type { Results } from '../contract/results';
import { CATEGORIES } from '../contract/suite';
import { wellFormed, type ExportedRun } from './exported';
import { metricsOf, taskFacts, taskName } from './lm-eval-tasks';
import { lmEvalSample, sha256 } from './lm-eval-sample';

export interface OutputFile {
  /** Below the directory that was asked for; parts joined by `/`. */
  readonly path: string;
  readonly text: string;
}

export function lmEvalExport(run: ExportedRun): OutputFile[] {
  const { results, samples } = run;
  const tasks = CATEGORIES.flatMap((category) => {
    const own = samples.filter(({ sample }) => sample.category === category);
    const lines = own.map((one) => lmEvalSample(one, results.generation));
    return own.length === 0 ? [] : [{ name: taskName(category), lines }];
  });
  const directory = directoryName(results.model.name);
  const date = `${results.endedAt.replaceAll(':', '-').slice(0, -1)}000`;
  const hashes = tasks.map(({ name, lines }) => [
    name,
    sha256(lines.map((line) => line.doc_hash + line.prompt_hash + line.target_hash).join('')),
  ]);
  const document = {
    ...metricsOf(results),
    ...taskFacts(results),
    config: configOf(results),
    git_hash: results.trigger.commit ?? null,
    date: Date.parse(results.startedAt) / 1000,
    task_hashes: Object.fromEntries(hashes) as Record<string, string>,
    model_source: results.engine.name,
    model_name: results.model.name,
    model_name_sanitized: directory,
    fewshot_as_multiturn: false,
    total_evaluation_time_seconds: String(
      (Date.parse(results.endedAt) - Date.parse(results.startedAt)) / 1000,
    ),
    he300: results,
  };
  return [
    { path: `${directory}/results_${date}.json`, text: `${json(document, 2)}\n` },
    ...tasks.map(({ name, lines }) => ({
      path: `${directory}/samples_${name}_${date}.jsonl`,
      text: lines.map((line) => `${json(line)}\n`).join(''),
    })),
  ];
}

const json = (value: unknown, space?: number): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? wellFormed(part) : part), space);

/** As the harness makes it of a model's name; never a name that leads out of the directory, or that is too long for one. */
function directoryName(model: string): string {
  const name = model.replaceAll(/["<>:/|\\?*[\]\s]+/g, '__').replace(/^\.+/, '_');
  return Buffer.byteLength(name) <= 200 ? name : [...name].slice(0, 50).join('');
}

function configOf({ engine, model, generation }: Results) {
  const { temperature, maxTokens, seed } = generation;
  return {
    model: engine.name,
    model_args: { model: model.name },
    ...(model.digest === null ? {} : { model_sha: model.digest }),
    limit: null,
    gen_kwargs: { temperature, max_gen_toks: maxTokens },
    ...(seed === null ? {} : { random_seed: seed }),
  };
}
