/** A chart under its title, with a switch to the figures that it is drawn from. */
import { ChartLine, Table } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { Button } from './button';
import { type Column, DataTable } from './data-table';

export interface ChartTable {
  readonly columns: readonly string[];
  /** The first of each row names it; null is shown as a dash. */
  readonly rows: readonly (readonly (ReactNode | null)[])[];
}

export interface ChartFrameProps {
  readonly title: string;
  /** Says what is to be seen, for those who do not see it too. */
  readonly description?: ReactNode;
  readonly table: ChartTable;
  readonly children: ReactNode;
}

export function ChartFrame({ title, description, table, children }: ChartFrameProps) {
  const [showsData, setShowsData] = useState(false);
  const titleId = useId();
  const Icon = showsData ? ChartLine : Table;
  return (
    <figure aria-labelledby={titleId} className="min-w-0 overflow-clip rounded-lg border border-line bg-card">
      <figcaption className="flex items-start justify-between gap-3 px-4 pt-3 pb-2">
        <div className="min-w-0">
          <h3 id={titleId} className="font-semibold">
            {title}
          </h3>
          {description && <p className="max-w-[105ch] text-sm text-soft">{description}</p>}
        </div>
        <Button variant="quiet" size="small" onClick={() => setShowsData(!showsData)}>
          <Icon aria-hidden />
          {showsData ? 'Show chart' : 'Show data'}
          <span className="sr-only"> of {title}</span>
        </Button>
      </figcaption>
      {showsData ? (
        <div className="max-h-96 overflow-y-auto">
          <DataTable
            caption={title}
            columns={columnsOf(table)}
            rows={rowsOf(table)}
            rowKey={(row) => row.key}
          />
        </div>
      ) : (
        <div className="px-2 pb-3 sm:px-4">{children}</div>
      )}
    </figure>
  );
}

interface Row {
  readonly key: string;
  readonly cells: readonly (ReactNode | null)[];
}

const columnsOf = (table: ChartTable): readonly Column<Row>[] =>
  table.columns.map((header, index) => ({
    id: `${index}`,
    header,
    cell: ({ cells }) => cells[index] ?? '–',
    ...(index === 0 ? { rowHeader: true } : { align: 'right' }),
  }));

const rowsOf = (table: ChartTable): readonly Row[] =>
  table.rows.map((cells, index) => ({ key: `${index}`, cells }));
