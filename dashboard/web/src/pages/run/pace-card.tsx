/** The pace of the scored pass, and how the requests in flight changed on the way. */
import type { Performance } from '@he300/benchmark/contract';
import { Card } from '../../components/card';
import { DataTable } from '../../components/data-table';
import { amount, decimals, duration, percent, whole } from '../../lib/format';

export function PaceCard({ performance }: { readonly performance: Performance }) {
  const { total, steady, concurrencyChanges } = performance;
  const rows = [{ name: 'Total', window: total }, ...(steady ? [{ name: 'Steady', window: steady }] : [])];
  const rate = (value: number | null) => (value === null ? '–' : amount(value));
  return (
    <Card
      title="Pace of the scored pass"
      description={
        steady
          ? '“Steady” leaves out the warm-up and the tail.'
          : 'No stretch of the pass was steady: it was too short, or its pace changed.'
      }
      bodyClassName="p-0 pb-1"
    >
      <DataTable
        caption="Pace of the scored pass"
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          { id: 'name', header: 'Stretch', rowHeader: true, cell: ({ name }) => name },
          { id: 'time', header: 'Time', align: 'right', cell: ({ window }) => duration(window.seconds) },
          {
            id: 'requests',
            header: 'Requests',
            align: 'right',
            cell: ({ window }) => whole(window.requests),
          },
          { id: 'errors', header: 'Errors', align: 'right', cell: ({ window }) => whole(window.errors) },
          {
            id: 'rps',
            header: 'Requests/s',
            align: 'right',
            cell: ({ window }) => amount(window.requestsPerSecond),
          },
          {
            id: 'in',
            header: 'Prompt tokens/s',
            align: 'right',
            cell: ({ window }) => rate(window.promptTokensPerSecond),
          },
          {
            id: 'out',
            header: 'Output tokens/s',
            align: 'right',
            cell: ({ window }) => rate(window.outputTokensPerSecond),
          },
          {
            id: 'goodput',
            header: 'Goodput',
            align: 'right',
            cell: ({ window }) => (window.goodput === null ? '–' : percent(window.goodput)),
          },
        ]}
      />
      {concurrencyChanges.length > 0 && (
        <div className="mt-3">
          <h3 className="px-4 pb-2 font-semibold">Changes of the requests in flight</h3>
          <DataTable
            caption="Changes of the requests in flight"
            rows={concurrencyChanges}
            rowKey={({ atSeconds, to }) => `${atSeconds} ${to}`}
            columns={[
              {
                id: 'at',
                header: 'After',
                rowHeader: true,
                cell: (row) => `${decimals(row.atSeconds, 1)} s`,
              },
              { id: 'from', header: 'From', align: 'right', cell: (row) => row.from },
              { id: 'to', header: 'To', align: 'right', cell: (row) => row.to },
              { id: 'reason', header: 'Reason', cell: (row) => <bdi>{row.reason}</bdi> },
            ]}
          />
        </div>
      )}
    </Card>
  );
}
