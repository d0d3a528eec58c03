/** Short names for runs that stand beside one another. */
import type { RunSummary } from '../../../../api/run';

/** The model, and where several runs are of one model, the id too. */
export const runNames = (runs: readonly Pick<RunSummary, 'runId' | 'model'>[]): string[] =>
  runs.map(({ runId, model }) => {
    if (model === null) return runId;
    return runs.filter((run) => run.model === model).length > 1 ? `${model} (${runId})` : model;
  });
