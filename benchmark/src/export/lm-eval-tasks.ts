/** HE-300 as a group of tasks of lm-evaluation-harness, one a category. */
import type { Results } from '../contract/results';
import type { CategoryScore } from '../contract/score';
import type { Category } from '../contract/suite';
import { SPECS } from '../sampling/specs';
import { pooledStandardError, standardError, type Part } from './standard-error';

const GROUP = 'he300';

/** The harness names each figure `metric,filter`; nothing is filtered here. */
const FILTER = 'none';

export const taskName = (category: Category): string => `${GROUP}_${category}`;

export function metricsOf({ score }: Results) {
  const { overall, categories } = score;
  const tasks = categories.map((one) => [taskName(one.category), taskMetrics(one)] as const);
  const group = {
    ...{ name: GROUP, alias: GROUP, sample_len: overall.scenarios },
    sample_count: { [`acc,${FILTER}`]: overall.scenarios },
    ...figure('acc', overall, pooledStandardError(categories)),
  };
  return {
    results: Object.fromEntries([[GROUP, group] as const, ...tasks]),
    groups: { [GROUP]: group },
    group_subtasks: { [GROUP]: tasks.map(([name]) => name) },
  };
}

function taskMetrics({ category, groups, ...counts }: CategoryScore) {
  const exact = groups && { scenarios: groups.groups, correct: groups.exact };
  return {
    ...{ name: taskName(category), alias: category, sample_len: counts.scenarios },
    ...figure('acc', counts, standardError(counts)),
    ...(exact ? figure('group_exact_match', exact, standardError(exact)) : {}),
  };
}

const figure = (metric: string, { scenarios, correct }: Part, error: number | null) => ({
  [`${metric},${FILTER}`]: scenarios === 0 ? 0 : correct / scenarios,
  [`${metric}_stderr,${FILTER}`]: error ?? 'N/A',
});

export function taskFacts({ suite, score, generation }: Results) {
  const version = suite.spec;
  const each = <T>(of: (one: CategoryScore) => T): Record<string, T> =>
    Object.fromEntries(score.categories.map((one) => [taskName(one.category), of(one)]));
  return {
    configs: each(({ category }) => ({
      ...{ task: taskName(category), tag: GROUP, dataset_path: datasetOf(suite), dataset_name: category },
      ...{ output_type: 'generate_until', num_fewshot: 0 },
      generation_kwargs: { temperature: generation.temperature, max_gen_toks: generation.maxTokens },
      metadata: { version },
    })),
    versions: { [GROUP]: version, ...each(() => version) },
    'n-shot': { [GROUP]: 0, ...each(() => 0) },
    higher_is_better: {
      [GROUP]: { acc: true },
      ...each(({ groups }) => ({ acc: true, ...(groups ? { group_exact_match: true } : {}) })),
    },
    'n-samples': each(({ category, scenarios }) => ({
      original: suite.spec === 'starter' ? scenarios : SPECS[suite.spec][category],
      effective: scenarios,
    })),
  };
}

const datasetOf = ({ spec }: Results['suite']): string =>
  spec === 'starter' ? 'he300_starter' : 'hendrycks_ethics';
