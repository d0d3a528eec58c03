/** A table in which people look things up: real markup, sorts by its heads, scrolls inside itself when it is narrow. */
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn';
import { ScrollRegion } from './scroll-region';

export interface Column<Row> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand at the right. @default 'left' */
  readonly align?: 'left' | 'right';
  /** Names its row, and stays in sight while the rest scrolls. @default false */
  readonly rowHeader?: boolean;
  /** @default - cannot be sorted by */
  readonly sort?: {
    readonly direction: 'ascending' | 'descending' | undefined;
    readonly toggle: () => void;
  };
  readonly className?: string | undefined;
}

export interface DataTableProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Read out, not shown. */
  readonly caption: string;
  readonly rowKey: (row: Row) => string;
  /** Stands in the place of no rows. */
  readonly empty?: ReactNode;
  readonly rowClassName?: (row: Row) => string | undefined;
  readonly className?: string | undefined;
}

const CELL = 'px-3 py-2 first:pl-4 last:pr-4 align-middle';

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, caption, rowKey, empty, rowClassName, className } = props;
  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    <ScrollRegion label={caption} className={className}>
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line">
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className={cn(
                'group/row border-b border-line last:border-b-0 hover:bg-sunken',
                rowClassName?.(row),
              )}
            >
              {columns.map((column) => (
                <BodyCell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function HeadCell<Row>({ column }: { readonly column: Column<Row> }) {
  const { sort } = column;
  const right = column.align === 'right';
  const Icon = sort?.direction === 'ascending' ? ArrowUp : sort?.direction ? ArrowDown : ChevronsUpDown;
  return (
    <th
      scope="col"
      aria-sort={sort?.direction}
      className={cn(
        CELL,
        'py-1.5 text-xs font-medium whitespace-nowrap text-soft',
        right && 'text-right',
        column.rowHeader && 'sticky left-0 z-10 bg-card',
        column.className,
      )}
    >
      {sort ? (
        <button
          type="button"
          onClick={sort.toggle}
          className={cn(
            '-mx-1 inline-flex items-center gap-1 rounded-sm px-1 py-0.5 hover:text-ink',
            right && 'flex-row-reverse',
            sort.direction && 'font-semibold text-ink',
          )}
        >
          {column.header}
          <Icon aria-hidden className={cn('size-3.5', !sort.direction && 'opacity-60')} />
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}

function BodyCell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const classes = cn(CELL, column.align === 'right' && 'text-right whitespace-nowrap', column.className);
  if (!column.rowHeader) return <td className={classes}>{column.cell(row)}</td>;
  return (
    <th
      scope="row"
      className={cn('sticky left-0 z-10 bg-card font-normal group-hover/row:bg-sunken', classes)}
    >
      {column.cell(row)}
    </th>
  );
}
