/** What was picked for a comparison; the first is the baseline. Stays at the bottom while there is something in it. */
import { Link } from '@tanstack/react-router';
import { GitCompareArrows } from 'lucide-react';
import { Button } from '../../components/button';
import { MOST_PICKED } from '../../components/pick-run';

export interface CompareBarProps {
  readonly picked: readonly string[];
  readonly onPick: (picked: readonly string[]) => void;
}

export function CompareBar({ picked, onPick }: CompareBarProps) {
  if (picked.length === 0) return null;
  const ready = picked.length >= 2;
  return (
    <section
      aria-label="Comparison"
      className="sticky bottom-4 z-30 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center justify-center gap-x-4 gap-y-2 rounded-lg border border-control bg-card px-4 py-2.5 shadow-lg"
    >
      <p role="status" className="text-sm">
        <span className="font-semibold">
          {picked.length} of {MOST_PICKED}
        </span>{' '}
        picked
        <span className="text-soft">
          {ready ? ' · the first is the baseline' : ' · pick one more to compare'}
        </span>
      </p>
      <div className="flex gap-2">
        <Button variant="quiet" onClick={() => onPick([])}>
          Clear
        </Button>
        {ready ? (
          <Button asChild variant="primary">
            <Link to="/compare" search={{ runs: picked.join(',') }}>
              <GitCompareArrows aria-hidden />
              Compare
            </Link>
          </Button>
        ) : (
          <Button variant="primary" disabled>
            <GitCompareArrows aria-hidden />
            Compare
          </Button>
        )}
      </div>
    </section>
  );
}
