/** Better, worse or tied: each candidate against the baseline, with what stands behind the word. */
import type { CompareAnswer, RunComparison } from '../../../../api/compare';
import type { RunSummary } from '../../../../api/run';
import { Accuracy } from '../../components/accuracy';
import { Badge } from '../../components/badge';
import { Card } from '../../components/card';
import { DataTable } from '../../components/data-table';
import { RunLink } from '../../components/run-link';
import { VerdictBadge } from '../../components/verdict-badge';
import { points, whole } from '../../lib/format';
import { DifferenceBar } from './difference-bar';
import { differenceInterval, pValue, verdictSentence } from './verdict-words';

export function Verdicts({ answer: { runs, comparisons } }: { readonly answer: CompareAnswer }) {
  const [baseline] = runs;
  const reach = Math.max(
    0.05,
    ...comparisons.flatMap(({ interval95 }) => [Math.abs(interval95.low), Math.abs(interval95.high)]),
  );
  const runOf = (id: string) => runs.find(({ runId }) => runId === id);
  return (
    <>
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3 [&>*]:min-w-0">
        {baseline && <RunCard run={baseline} badge={<Badge tone="accent">Baseline</Badge>} />}
        {comparisons.map((comparison) => {
          const run = runOf(comparison.runId);
          return (
            run && (
              <RunCard key={comparison.runId} run={run} badge={<VerdictBadge verdict={comparison.verdict} />}>
                <Difference comparison={comparison} reach={reach} />
              </RunCard>
            )
          );
        })}
      </div>
      <Card
        title="What stands behind the verdicts"
        description="p: exact McNemar test, two-sided. Adjusted: by Holm over all candidates; the verdict is by it, at 5 %. Detectable: the difference that such a comparison finds four times out of five."
        bodyClassName="p-0 pb-1"
      >
        <DataTable
          caption="What stands behind the verdicts"
          rows={comparisons}
          rowKey={({ runId }) => runId}
          columns={[
            {
              id: 'run',
              header: 'Candidate',
              rowHeader: true,
              cell: ({ runId }) => <Named run={runOf(runId)} runId={runId} />,
              className: 'max-w-40 sm:max-w-64',
            },
            { id: 'verdict', header: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
            { id: 'difference', header: 'Difference', align: 'right', cell: (row) => points(row.difference) },
            {
              id: 'interval',
              header: '95 %',
              align: 'right',
              cell: (row) => differenceInterval(row.interval95),
            },
            { id: 'p', header: 'p', align: 'right', cell: (row) => pValue(row.pValue) },
            {
              id: 'adjusted',
              header: 'Adjusted p',
              align: 'right',
              cell: (row) => pValue(row.adjustedPValue),
            },
            {
              id: 'detectable',
              header: 'Detectable',
              align: 'right',
              cell: (row) =>
                row.detectableDifference === null ? '–' : points(row.detectableDifference).replace('+', ''),
            },
            { id: 'both', header: 'Both right', align: 'right', cell: ({ counts }) => whole(counts.both) },
            {
              id: 'onlyA',
              header: 'Only baseline',
              align: 'right',
              cell: ({ counts }) => whole(counts.onlyA),
            },
            {
              id: 'onlyB',
              header: 'Only candidate',
              align: 'right',
              cell: ({ counts }) => whole(counts.onlyB),
            },
            { id: 'neither', header: 'Neither', align: 'right', cell: ({ counts }) => whole(counts.neither) },
          ]}
        />
      </Card>
    </>
  );
}

const Named = ({ run, runId }: { readonly run: RunSummary | undefined; readonly runId: string }) =>
  run ? <RunLink run={run} /> : runId;

interface RunCardProps {
  readonly run: RunSummary;
  readonly badge: React.ReactNode;
  readonly children?: React.ReactNode;
}

function RunCard({ run, badge, children }: RunCardProps) {
  return (
    <Card bodyClassName="grid content-start gap-3">
      <div className="flex min-w-0 items-start justify-between gap-3">
        <RunLink run={run} />
        {badge}
      </div>
      {run.outcome && <Accuracy {...run.outcome} />}
      {children}
    </Card>
  );
}

function Difference({ comparison, reach }: { readonly comparison: RunComparison; readonly reach: number }) {
  return (
    <div className="grid gap-1 border-t border-line pt-3">
      <p className="figures flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold">{points(comparison.difference)}</span>
        <span className="text-xs text-soft">95 %: {differenceInterval(comparison.interval95)}</span>
        <span className="text-xs text-soft">adjusted p {pValue(comparison.adjustedPValue)}</span>
      </p>
      <DifferenceBar {...comparison} reach={reach} />
      <p className="text-sm text-soft">{verdictSentence(comparison)}</p>
    </div>
  );
}
