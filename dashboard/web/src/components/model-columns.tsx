/** Columns that every table of models has. */
import { Link } from '@tanstack/react-router';
import type { ModelRow } from '../../../api/overview';
import { plural } from '../lib/format';
import type { Column } from './data-table';
import { Time } from './figures';
import { SignatureMark } from './signature-mark';

export const TREND_COLUMN: Column<ModelRow> = {
  id: 'trend',
  header: 'Trend',
  cell: ({ model, runs }) => (
    <Link to="/trends" search={{ model }} className="whitespace-nowrap text-accent hover:underline">
      {plural(runs, 'run')}
      <span className="sr-only"> of {model}</span>
    </Link>
  ),
};

export const SIGNATURE_COLUMN: Column<ModelRow> = {
  id: 'signature',
  header: 'Signature',
  cell: ({ latest }) => <SignatureMark signature={latest.signature} />,
};

export const ENDED_COLUMN: Column<ModelRow> = {
  id: 'ended',
  header: 'Ended',
  cell: ({ latest }) => latest.endedAt && <Time value={latest.endedAt} relative />,
};
