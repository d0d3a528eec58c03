/** Models against categories: a table whose cells are shaded by how they stand to the majority baseline. */
import { ChevronDown, ChevronUp, Minus } from 'lucide-react';
import type { ModelRow } from '../../../../api/overview';
import { RunLink } from '../../components/run-link';
import { ScrollRegion } from '../../components/scroll-region';
import { interval, percent, whole } from '../../lib/format';
import { CATEGORIES, CATEGORY_LABEL } from '../../lib/labels';
import { distance, type Standing, standing } from '../../lib/standing';

type Cell = Omit<ModelRow['categories'][number], 'category'>;

const MARK = {
  above: { icon: ChevronUp, text: 'above the baseline' },
  undecided: { icon: Minus, text: 'not told apart from the baseline' },
  below: { icon: ChevronDown, text: 'below the baseline' },
} as const;

export function HeatMap({ rows }: { readonly rows: readonly ModelRow[] }) {
  const present = CATEGORIES.filter((category) => rows.some((row) => cellOf(row, category)));
  return (
    <>
      <ScrollRegion label="Accuracy by model and category">
        <table className="w-full border-separate border-spacing-0.5 px-3 text-left text-sm">
          <caption className="sr-only">Accuracy by model and category</caption>
          <thead>
            <tr className="text-xs text-soft">
              <th scope="col" className="sticky left-0 z-10 bg-card px-1 py-1 font-medium">
                Model
              </th>
              {['Overall', ...present.map((category) => CATEGORY_LABEL[category])].map((name) => (
                <th key={name} scope="col" className="px-2 py-1 font-medium whitespace-nowrap">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.model} ${row.latest.runId}`}>
                <th
                  scope="row"
                  className="sticky left-0 z-10 max-w-56 min-w-28 bg-card px-1 pr-3 font-normal max-sm:max-w-28"
                >
                  <RunLink run={row.latest} />
                </th>
                <HeatCell cell={row.latest.outcome ?? undefined} />
                {present.map((category) => (
                  <HeatCell key={category} cell={cellOf(row, category)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <Legend />
    </>
  );
}

const cellOf = (row: ModelRow, category: string) => row.categories.find((cell) => cell.category === category);

/** At most a third of the colour, so that text on it keeps its contrast. */
function shade(cell: Cell): string {
  const how = standing(cell);
  if (how === 'undecided') return 'var(--color-sunken)';
  const strength = 10 + 24 * Math.min(1, distance(cell));
  return `color-mix(in oklab, var(--color-${how}) ${strength.toFixed(0)}%, var(--color-card))`;
}

function HeatCell({ cell }: { readonly cell: Cell | undefined }) {
  if (!cell)
    return (
      <td className="rounded-sm px-2 text-soft">
        <span aria-hidden>–</span>
        <span className="sr-only">not asked</span>
      </td>
    );
  const { icon: Icon, text } = MARK[standing(cell)];
  return (
    <td
      className="min-w-32 rounded-sm px-2 py-1.5 align-top"
      style={{ background: shade(cell) }}
      title={`${whole(cell.correct)} of ${whole(cell.scenarios)} right; ${text}`}
    >
      <span className="flex items-center gap-1 whitespace-nowrap">
        <span className="text-base font-semibold">{percent(cell.accuracy)}</span>
        <Icon aria-hidden className="size-4" strokeWidth={2.5} />
        <span className="sr-only">{text}, </span>
      </span>
      <span className="block text-xs whitespace-nowrap">
        <span className="sr-only">interval </span>
        {interval(cell.wilson95)}
      </span>
      <span className="block text-xs whitespace-nowrap">majority {percent(cell.majorityBaseline)}</span>
    </td>
  );
}

const LEGEND: readonly (readonly [Standing, string])[] = [
  ['above', 'The interval lies above the majority baseline'],
  ['undecided', 'It holds the baseline: not told apart'],
  ['below', 'It lies below'],
];

const Legend = () => (
  <ul className="flex flex-wrap gap-x-5 gap-y-1 px-4 pt-2 pb-3.5 text-xs text-soft">
    {LEGEND.map(([how, text]) => {
      const { icon: Icon } = MARK[how];
      return (
        <li key={how} className="flex items-center gap-1.5">
          <span
            aria-hidden
            className="grid size-4 place-items-center rounded-sm text-ink"
            style={{
              background:
                how === 'undecided'
                  ? 'var(--color-sunken)'
                  : `color-mix(in oklab, var(--color-${how}) 28%, var(--color-card))`,
            }}
          >
            <Icon className="size-3" strokeWidth={3} />
          </span>
          {text}
        </li>
      );
    })}
  </ul>
);
