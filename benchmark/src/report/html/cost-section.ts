/** What the scenarios cost. */
import type { Results } from '../../contract/results';
import { efficiencyOf, type Yield } from '../efficiency';
import { amount, usd } from '../format';
import { markup, type Markup } from './markup';
import { section, table } from './parts';

export function costSection(results: Results): Markup {
  const { scoring, wholeRun } = efficiencyOf(results);
  const { spentUsd, usdPerHour, wattHours } = results.cost;
  const spent = [
    ...(spentUsd === null ? [] : [usd(spentUsd)]),
    ...(usdPerHour === null ? [] : [`${usd(usdPerHour, 3)} an hour`]),
    ...(wattHours === null ? [] : [`${amount(wattHours)} Wh of the GPUs`]),
  ];
  return section('cost', 'Scenarios for their cost', [
    spent.length === 0 ? null : markup`<p>${spent.join(', ')}.</p>\n`,
    table({
      caption:
        'While scoring: the steady rate, the price by the hour, the mean power of the GPUs. Whole run: from begin to end, with the search and every pause.',
      header: ['scenarios', 'a second', 'a dollar', 'a watt-hour'],
      rows: [{ cells: ['while scoring', ...cells(scoring)] }, { cells: ['whole run', ...cells(wholeRun)] }],
    }),
  ]);
}

const cells = ({ perSecond, perUsd, perWattHour }: Yield): string[] =>
  [perSecond, perUsd, perWattHour].map((value) => (value === null ? 'unknown' : amount(value)));
