/** Picks a run for a comparison, as long as it can be compared and there is room. */
import type { RunSummary } from '../../../api/run';

/** As many as the API compares. */
export const MOST_PICKED = 6;

export interface PickRunProps {
  readonly run: Pick<RunSummary, 'runId' | 'state'>;
  readonly picked: readonly string[];
  readonly onPick: (picked: readonly string[]) => void;
}

export function PickRun({ run, picked, onPick }: PickRunProps) {
  const isPicked = picked.includes(run.runId);
  const isComplete = run.state === 'COMPLETED';
  return (
    <input
      type="checkbox"
      aria-label={`Pick ${run.runId} for a comparison`}
      title={isComplete ? undefined : 'Only completed runs can be compared'}
      checked={isPicked}
      disabled={!isComplete || (!isPicked && picked.length >= MOST_PICKED)}
      onChange={() => onPick(isPicked ? picked.filter((id) => id !== run.runId) : [...picked, run.runId])}
      className="size-4 shrink-0 accent-accent"
    />
  );
}
