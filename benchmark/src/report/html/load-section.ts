/** How fast the server was, and what kept it from being faster. */
import type { PerformanceWindow, Saturation } from '../../contract/performance';
import type { Results } from '../../contract/results';
import { amount, duration, decimals, ms, percent, plural } from '../format';
import { throughputPlot } from '../plots/throughput';
import { foreign, markup, type Markup } from './markup';
import { section, table, type Row } from './parts';

const VERDICTS: Readonly<Record<Saturation['verdict'], string>> = {
  saturated: 'The server is saturated.',
  'limited-by-slots': 'The server is limited by its slots.',
  'limited-by-client': 'The runner could ask no faster.',
  'limited-by-server-queue': 'The server’s queue had no more room.',
  'not-saturated': 'The server could have done more.',
  'not-searched': 'No concurrency was searched for.',
};

export function loadSection({ performance, engine }: Results): Markup {
  const { saturation, concurrencyChanges } = performance;
  const plot = throughputPlot(saturation, engine.slots);
  return section('load', 'Load', [
    verdict(saturation),
    plot
      ? markup`<figure>${plot}</figure>${windowsTable(saturation)}`
      : markup`<p class="soft">So there is no curve of throughput.</p>`,
    concurrencyChanges.length === 0 ? null : changes(concurrencyChanges),
    pace(performance),
  ]);
}

function verdict({ verdict, chosenConcurrency, bound, evidence, warnings, unknowns }: Saturation): Markup {
  const short = bound ? ` The GPU had no more ${bound.replaceAll('-', ' ')}.` : '';
  const lines = [
    ...evidence.map((line) => markup`<li>${foreign(line)}</li>`),
    ...(warnings ?? []).map((line) => markup`<li class="warning">Warning: ${foreign(line)}</li>`),
    ...(unknowns ?? []).map((line) => markup`<li class="soft">Not known: ${foreign(line)}</li>`),
  ];
  return markup`<p><strong>${VERDICTS[verdict]}</strong> ${chosenConcurrency} in flight.${short}</p>
${lines.length === 0 ? null : markup`<ul class="plain">${lines}</ul>\n`}`;
}

const windowsTable = ({ windows, chosenConcurrency }: Saturation): Markup =>
  table({
    caption: `The search, in ${plural(windows.length, 'window')}. The smallest concurrency that brings 95 % of the peak is chosen.`,
    header: ['in flight', 'tokens/s', 'requests/s', 'p95, ms', 'why it was tried'],
    words: [4],
    rows: windows.map(({ concurrency, tokensPerSecond, requestsPerSecond, p95Ms, reason }) => ({
      cells: [
        ...[String(concurrency), amount(tokensPerSecond), amount(requestsPerSecond), ms(p95Ms)],
        foreign(reason),
      ],
      className: concurrency === chosenConcurrency ? 'chosen' : '',
    })),
  });

const changes = (
  all: Results['performance']['concurrencyChanges'],
): Markup => markup`<h3>Changes on the way</h3>
${table({
  caption: 'Requests in flight while the scenarios were scored.',
  header: ['after', 'from', 'to', 'reason'],
  words: [3],
  rows: all.map(({ atSeconds, from, to, reason }) => ({
    cells: [
      `${decimals(atSeconds, 1)} s`,
      ...[String(from), String(to)],
      markup`<bdi>${foreign(reason)}</bdi>`,
    ],
  })),
})}`;

const pace = ({ total, steady }: Results['performance']): Markup => markup`<h3>Pace of the scored pass</h3>
${table({
  caption: `${steady ? 'Steady leaves out the warm-up and the tail.' : 'No stretch of the pass was steady.'} Goodput is the part of the requests that kept the objective.`,
  header: ['', 'time', 'requests', 'errors', 'requests/s', 'prompt tokens/s', 'output tokens/s', 'goodput'],
  rows: [paceRow('total', total), ...(steady ? [paceRow('steady', steady)] : [])],
})}`;

function paceRow(name: string, window: PerformanceWindow): Row {
  const { seconds, requests, errors, requestsPerSecond, promptTokensPerSecond, outputTokensPerSecond } =
    window;
  const rate = (value: number | null): string => (value === null ? 'unknown' : amount(value));
  return {
    cells: [
      ...[name, duration(seconds), String(requests), String(errors), rate(requestsPerSecond)],
      ...[rate(promptTokensPerSecond), rate(outputTokensPerSecond)],
      window.goodput === null ? '–' : percent(window.goodput),
    ],
  };
}
