/** How fast a run was, at how many requests in flight, and whether the server was saturated. */
import type { RunSummary } from '../../../api/run';
import { amount, whole } from '../lib/format';
import { SATURATION_LABEL } from '../lib/labels';

type Figures = Pick<RunSummary, 'requestsPerSecond' | 'chosenConcurrency' | 'verdict'>;

export function Throughput({ run }: { readonly run: Figures }) {
  if (run.requestsPerSecond === null) return <span className="text-soft">–</span>;
  return (
    <span className="figures grid whitespace-nowrap">
      <span>
        {amount(run.requestsPerSecond)} req/s
        {run.chosenConcurrency !== null && (
          <span className="text-soft"> at {whole(run.chosenConcurrency)} in flight</span>
        )}
      </span>
      {run.verdict && <span className="text-xs text-soft">{SATURATION_LABEL[run.verdict]}</span>}
    </span>
  );
}
