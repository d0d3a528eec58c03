/** How fast the server was, what held it back, and what was seen of the machines. */
import type { RunDetail } from '../../../../api/run';
import { EmptyState } from '../../components/empty-state';
import { LatencySection } from './latency-section';
import { LoadSection } from './load-section';
import { MachinesSection } from './machines-section';
import { PaceCard } from './pace-card';

export function PerformanceTab({ run }: { readonly run: RunDetail }) {
  const { results } = run;
  return (
    <div className="grid gap-4 [&>*]:min-w-0">
      {results ? (
        <>
          <LoadSection performance={results.performance} slots={results.engine.slots} />
          <PaceCard performance={results.performance} />
          <LatencySection run={run} performance={results.performance} />
        </>
      ) : (
        <div className="rounded-lg border border-line bg-card">
          <EmptyState title="No results yet">
            Throughput and latencies come with the signed results, when the run has ended. A run through a
            host that cannot upload has none: see Artifacts under Provenance.
          </EmptyState>
        </div>
      )}
      <MachinesSection run={run} telemetry={results?.performance.telemetry ?? null} />
    </div>
  );
}
