/** How many runs are in each state; each leads to them. */
import { Link } from '@tanstack/react-router';
import { StateBadge } from '../../components/state-badge';
import { whole } from '../../lib/format';
import { STATES } from '../../lib/labels';

export function StateCounts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  return (
    <ul aria-label="Runs by state" className="flex flex-wrap gap-2">
      {STATES.filter((state) => counts[state]).map((state) => (
        <li key={state}>
          <Link
            to="/runs"
            search={{ state }}
            className="flex items-center gap-2 rounded-md border border-line bg-card py-1 pr-2.5 pl-1 hover:border-control"
          >
            <StateBadge state={state} />
            <span className="figures font-semibold">{whole(counts[state] ?? 0)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
