/** The latest whole run of each model: its score, and what the score rests on. */
import type { ModelRow } from '../../../../api/overview';
import { Accuracy } from '../../components/accuracy';
import { type Column, DataTable } from '../../components/data-table';
import { Usd } from '../../components/figures';
import { ENDED_COLUMN, SIGNATURE_COLUMN, TREND_COLUMN } from '../../components/model-columns';
import { RunLink } from '../../components/run-link';
import { Throughput } from '../../components/throughput';

const COLUMNS: readonly Column<ModelRow>[] = [
  {
    id: 'model',
    header: 'Model',
    rowHeader: true,
    className: 'w-64 max-w-64 min-w-52 max-sm:max-w-36 max-sm:min-w-36',
    cell: (row) => <RunLink run={row.latest} />,
  },
  {
    id: 'accuracy',
    header: 'Accuracy',
    className: 'w-80 min-w-72',
    cell: ({ latest }) => latest.outcome && <Accuracy {...latest.outcome} />,
  },
  {
    id: 'spec',
    header: 'Spec',
    className: 'whitespace-nowrap',
    cell: ({ latest }) => `${latest.spec} · seed ${latest.seed}`,
  },
  {
    id: 'throughput',
    header: 'Throughput',
    cell: ({ latest }) => <Throughput run={latest} />,
  },
  { id: 'cost', header: 'Cost', align: 'right', cell: ({ latest }) => <Usd value={latest.costUsd} /> },
  SIGNATURE_COLUMN,
  ENDED_COLUMN,
  TREND_COLUMN,
];

export const LatestTable = ({ rows }: { readonly rows: readonly ModelRow[] }) => (
  <DataTable
    caption="Latest run of each model"
    columns={COLUMNS}
    rows={rows}
    rowKey={(row) => `${row.model} ${row.latest.runId}`}
  />
);
