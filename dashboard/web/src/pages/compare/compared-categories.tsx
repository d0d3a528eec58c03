/** The compared runs by category, on the scenarios that they have in common. */
import type { Category } from '@he300/benchmark/contract';
import type { CompareAnswer } from '../../../../api/compare';
import { CategoryRadar } from '../../charts/lazy-chart';
import { Legend } from '../../charts/legend';
import { radarRows } from '../../charts/radar-rows';
import { Card } from '../../components/card';
import { ChartFrame } from '../../components/chart-frame';
import { DataTable } from '../../components/data-table';
import { percent, points } from '../../lib/format';
import { CATEGORY_LABEL } from '../../lib/labels';
import { runNames } from './run-names';

type Counted = CompareAnswer['comparisons'][number]['byCategory'][number];

const part = (correct: number, scenarios: number) => (scenarios === 0 ? 0 : correct / scenarios);

export function ComparedCategories({ answer: { runs, comparisons } }: { readonly answer: CompareAnswer }) {
  const [first] = comparisons;
  if (!first || first.byCategory.length === 0) return null;
  const names = runNames(runs);
  const accuracies = [
    new Map<Category, number>(
      first.byCategory.map((row) => [row.category, part(row.baselineCorrect, row.scenarios)]),
    ),
    ...comparisons.map(
      ({ byCategory }) =>
        new Map<Category, number>(
          byCategory.map((row) => [row.category, part(row.candidateCorrect, row.scenarios)]),
        ),
    ),
  ];
  const rows = radarRows(accuracies);
  const candidate = (row: Counted, i: number) =>
    comparisons[i]?.byCategory.find(({ category }) => category === row.category);
  return (
    <div className="grid gap-4 xl:grid-cols-[2fr_3fr] [&>*]:min-w-0">
      <ChartFrame
        title="Profiles"
        description="Accuracy by category. Each spoke from 0 to 100 %."
        table={{
          columns: ['Category', ...names],
          rows: rows.map(({ name, values }) => [
            name,
            ...values.map((value) => (value === null ? null : percent(value))),
          ]),
        }}
      >
        <CategoryRadar rows={rows} series={names} />
        <Legend labels={names} />
      </ChartFrame>
      <Card
        title="By category"
        description="Right answers. A category alone is small: its differences are a hint where to look, and carry no verdict."
        bodyClassName="p-0 pb-1"
      >
        <DataTable
          caption="Right answers by category"
          rows={first.byCategory}
          rowKey={({ category }) => category}
          columns={[
            {
              id: 'category',
              header: 'Category',
              rowHeader: true,
              cell: ({ category }) => CATEGORY_LABEL[category],
            },
            { id: 'scenarios', header: 'Scenarios', align: 'right', cell: ({ scenarios }) => scenarios },
            {
              id: 'baseline',
              header: names[0] ?? 'Baseline',
              align: 'right',
              className: 'max-w-48 truncate',
              cell: (row) => `${row.baselineCorrect}, ${percent(part(row.baselineCorrect, row.scenarios))}`,
            },
            ...comparisons.map((comparison, i) => ({
              id: comparison.runId,
              header: names[i + 1] ?? comparison.runId,
              align: 'right' as const,
              className: 'max-w-48 truncate',
              cell: (row: Counted) => {
                const other = candidate(row, i);
                if (!other) return '–';
                const difference =
                  part(other.candidateCorrect, other.scenarios) - part(row.baselineCorrect, row.scenarios);
                return (
                  <>
                    {`${other.candidateCorrect}, ${percent(part(other.candidateCorrect, other.scenarios))}`}
                    <span className="block text-xs text-soft">{points(difference)}</span>
                  </>
                );
              },
            })),
          ]}
        />
      </Card>
    </div>
  );
}
