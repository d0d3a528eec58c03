/** Models and their intervals, on one axis from 0 to 100 %. */
import type { ModelRow } from '../../../../api/overview';
import { type Column, DataTable } from '../../components/data-table';
import { IntervalBar } from '../../components/interval-bar';
import { ENDED_COLUMN, SIGNATURE_COLUMN, TREND_COLUMN } from '../../components/model-columns';
import { PickRun } from '../../components/pick-run';
import { RunLink } from '../../components/run-link';
import { interval, percent, whole } from '../../lib/format';
import type { CompareBarProps } from '../runs/compare-bar';

export function Leaderboard({
  rows,
  picked,
  onPick,
}: { readonly rows: readonly ModelRow[] } & CompareBarProps) {
  const columns: readonly Column<ModelRow>[] = [
    {
      id: 'model',
      header: 'Model',
      rowHeader: true,
      className: 'max-w-72 min-w-64 max-sm:max-w-44 max-sm:min-w-44',
      cell: ({ latest }) => (
        <span className="flex items-center gap-3 max-sm:gap-2">
          <PickRun run={latest} picked={picked} onPick={onPick} />
          <RunLink run={latest} />
        </span>
      ),
    },
    {
      id: 'accuracy',
      header: 'Accuracy',
      cell: ({ latest: { outcome } }) =>
        outcome && (
          <span className="grid whitespace-nowrap">
            <span className="font-semibold">{percent(outcome.accuracy)}</span>
            <span className="text-xs text-soft">{interval(outcome.wilson95)}</span>
          </span>
        ),
    },
    {
      id: 'interval',
      header: <Axis />,
      className: 'w-full min-w-64',
      cell: ({ latest: { outcome } }) => outcome && <IntervalBar {...outcome} grid className="h-6" />,
    },
    {
      id: 'baseline',
      header: 'Majority',
      cell: ({ latest: { outcome } }) =>
        outcome && (
          <span className="grid whitespace-nowrap">
            {percent(outcome.majorityBaseline)}
            <span className="text-xs text-soft">n = {whole(outcome.scenarios)}</span>
          </span>
        ),
    },
    {
      id: 'spec',
      header: 'Spec',
      cell: ({ latest }) => (
        <span className="grid whitespace-nowrap">
          {latest.spec}
          <span className="text-xs text-soft">seed {latest.seed}</span>
        </span>
      ),
    },
    TREND_COLUMN,
    SIGNATURE_COLUMN,
    ENDED_COLUMN,
  ];
  return (
    <DataTable
      caption="Models by the lower bound of their accuracy’s interval"
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.model} ${row.latest.runId}`}
    />
  );
}

const Axis = () => (
  <span className="relative block h-4 text-xs">
    <span className="sr-only">Accuracy, its 95 % interval and the majority baseline, drawn</span>
    {[0, 25, 50, 75, 100].map((tick) => (
      <span
        key={tick}
        aria-hidden
        className="absolute"
        style={{ left: `${tick}%`, transform: `translateX(-${tick === 0 || tick === 100 ? tick : 50}%)` }}
      >
        {tick}&nbsp;%
      </span>
    ))}
  </span>
);
