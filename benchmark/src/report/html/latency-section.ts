/** How long answers took. */
import type { Results } from '../../contract/results';
import type { Sample } from '../../contract/sample';
import type { Percentiles } from '../../measure/latencies';
import { ms } from '../format';
import { latencyRows, PERCENTILES } from '../latency-rows';
import { latencyPlot } from '../plots/latency-cdf';
import { markup, type Markup } from './markup';
import { section, table, type Row } from './parts';

/** @param scored null without samples */
export function latencySection({ performance }: Results, scored: readonly Sample[] | null): Markup {
  const rows = latencyRows(performance).flatMap(({ name, total, steady }): Row[] => [
    { cells: [`${name}, total`, ...cells(total)] },
    ...(steady ? [{ cells: [`${name}, steady`, ...cells(steady)] }] : []),
  ]);
  return section('latencies', 'Latency', [
    distribution(scored),
    rows.length === 0
      ? null
      : table({
          caption:
            'Milliseconds. First token and end to end count from when the request was due, so a wait in the runner is in them.',
          header: ['', ...PERCENTILES.map(([, name]) => name)],
          rows,
        }),
  ]);
}

const cells = (values: Percentiles | null): string[] =>
  PERCENTILES.map(([key]) => (values ? ms(values[key]) : '–'));

function distribution(scored: readonly Sample[] | null): Markup {
  if (!scored)
    return markup`<p class="soft">There are no samples beside the results, so there is no curve.</p>`;
  const plot = latencyPlot(scored);
  if (!plot) return markup`<p class="soft">No answer came.</p>`;
  return markup`<figure>${plot}<figcaption>Of every scored answer that came, also of those from before a resume. The signature covers what was answered, and not how long each answer took.</figcaption></figure>`;
}
