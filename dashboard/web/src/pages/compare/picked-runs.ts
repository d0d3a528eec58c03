/** The runs that are compared, as they stand in the address: ids with commas between, the baseline first. */
import { MOST_PICKED } from '../../components/pick-run';

/** What is named twice counts once, and what is too much is dropped. */
export const pickedRuns = (runs: string | undefined): readonly string[] =>
  [...new Set((runs ?? '').split(',').map((id) => id.trim()))]
    .filter((id) => id !== '')
    .slice(0, MOST_PICKED);

/** As the address has them; nothing for none. */
export const asWords = (picked: readonly string[]): string | undefined => picked.join(',') || undefined;

export const withBaseline = (picked: readonly string[], runId: string): readonly string[] => [
  runId,
  ...picked.filter((id) => id !== runId),
];
