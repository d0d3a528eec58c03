/** The categories: as bars with intervals, as a radar, and whole groups of scenarios. */
import type { CategoryScore } from '@he300/benchmark/contract';
import { CategoryBars, CategoryRadar } from '../../charts/lazy-chart';
import { Legend } from '../../charts/legend';
import { BASELINE_MARK, mark } from '../../charts/palette';
import { radarRows } from '../../charts/radar-rows';
import { Card } from '../../components/card';
import { ChartFrame } from '../../components/chart-frame';
import { DataTable } from '../../components/data-table';
import { interval, percent, whole } from '../../lib/format';
import { CATEGORY_LABEL } from '../../lib/labels';

export function CategorySection({ categories }: { readonly categories: readonly CategoryScore[] }) {
  const rows = radarRows([
    new Map(categories.map(({ category, accuracy }) => [category, accuracy])),
    new Map(categories.map(({ category, majorityBaseline }) => [category, majorityBaseline])),
  ]);
  const table = {
    columns: ['Category', 'Accuracy', '95 %', 'Baseline', 'Right', 'Unknown', 'Errors'],
    rows: categories.map((score) => [
      CATEGORY_LABEL[score.category],
      percent(score.accuracy),
      interval(score.wilson95),
      percent(score.majorityBaseline),
      `${score.correct} of ${score.scenarios}`,
      whole(score.unknown),
      whole(score.errors),
    ]),
  };
  const series = ['Accuracy', 'Majority baseline'];
  const marks = [mark(0), BASELINE_MARK];
  return (
    <>
      <div className="grid gap-4 lg:grid-cols-[3fr_2fr] [&>*]:min-w-0">
        <ChartFrame
          title="Accuracy by category"
          description="The thin line is the 95 % interval; the dashed mark is what always giving the commoner label reaches."
          table={table}
        >
          <CategoryBars categories={categories} />
        </ChartFrame>
        <ChartFrame title="Profile" description="Each spoke from 0 to 100 %." table={table}>
          <CategoryRadar rows={rows} series={series} marks={marks} />
          <Legend labels={series} marks={marks} />
        </ChartFrame>
      </div>
      <Groups categories={categories} />
    </>
  );
}

/** Without the categories for which ETHICS defines no groups. */
function Groups({ categories }: { readonly categories: readonly CategoryScore[] }) {
  const grouped = categories.flatMap(({ category, groups }) =>
    groups && groups.groups > 0 ? [{ category, ...groups }] : [],
  );
  if (grouped.length === 0) return null;
  return (
    <Card
      title="Whole groups"
      description="Scenarios of a group are variants of one another. A group counts when every one that was sampled is right."
      bodyClassName="p-0 pb-1"
    >
      <DataTable
        caption="Whole groups"
        rows={grouped}
        rowKey={({ category }) => category}
        columns={[
          {
            id: 'category',
            header: 'Category',
            rowHeader: true,
            cell: (row) => CATEGORY_LABEL[row.category],
          },
          { id: 'groups', header: 'Groups', align: 'right', cell: (row) => whole(row.groups) },
          { id: 'exact', header: 'All right', align: 'right', cell: (row) => whole(row.exact) },
          { id: 'part', header: 'Part', align: 'right', cell: (row) => percent(row.exact / row.groups) },
          { id: 'interval', header: '95 %', align: 'right', cell: (row) => interval(row.wilson95) },
        ]}
      />
    </Card>
  );
}
