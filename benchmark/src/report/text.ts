/** The one-page report of a run, as text. No bare percentage: each has its interval and its baseline. */
import type { Results } from '../contract/results';
import type { CategoryScore, Score } from '../contract/score';
import type { Percentiles } from '../measure/latencies';

export function textReport(results: Results): string {
  const { runId, suite, prompts, model, engine, host, score, performance, cost, partial, startedAt } =
    results;
  const lines = [
    `HE-300 ${suite.spec}, seed ${suite.seed}: ${model.name} on ${engine.server ?? engine.name}`,
    `run ${runId}, ${startedAt}, prompts ${prompts.name} v${prompts.version}, ${host.gpu?.name ?? `${host.cpus} CPUs, no GPU`}`,
    ...(partial
      ? [`PARTIAL: ${partial.reason}; ${percent(partial.scored)} of the scenarios were asked`]
      : []),
    ...(suite.comparable ? [] : ['the figures of this scenario pack are comparable with nobody’s']),
    '',
    ...scoreTable(score),
    '',
    ...flipsLine(score),
    ...loadLines(performance),
    ...costLine(cost),
  ];
  return `${lines.join('\n')}\n`;
}

const HEADER = [
  '',
  'asked',
  'correct',
  'accuracy',
  '95 % interval',
  'baseline',
  'unknown',
  'errors',
  'groups',
];

function scoreTable({ overall, categories }: Score): string[] {
  const rows = [
    HEADER,
    ...categories.map((category) => row(category.category, category, category.wilson95, groups(category))),
    row('overall', overall, overall.bootstrap95, ''),
  ];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

function row(
  name: string,
  counts: Omit<CategoryScore, 'category' | 'groups'>,
  interval: { readonly low: number; readonly high: number },
  groupsCell: string,
): string[] {
  const { scenarios, correct, accuracy, majorityBaseline, unknown, errors } = counts;
  return [
    ...[name, String(scenarios), String(correct), percent(accuracy)],
    ...[`${percent(interval.low)} to ${percent(interval.high)}`, percent(majorityBaseline)],
    ...[String(unknown), String(errors), groupsCell],
  ];
}

const groups = ({ groups }: CategoryScore): string => (groups ? `${groups.exact} of ${groups.groups}` : '');

function flipsLine({ flips }: Score): string[] {
  if (!flips) return [];
  const { rescored, flipped, wilson95 } = flips;
  return [
    `asked again alone: ${flipped} of ${rescored} answers changed (95 % interval ${percent(wilson95.low)} to ${percent(wilson95.high)})`,
  ];
}

function loadLines({ total, steady, saturation, concurrencyChanges }: Results['performance']): string[] {
  const window = steady ?? total;
  const tokens = window.outputTokensPerSecond?.toFixed(1) ?? 'unknown';
  return [
    `load: ${saturation.verdict}, ${saturation.chosenConcurrency} in flight`,
    ...saturation.evidence.map((line) => `  ${line}`),
    `  ${steady ? 'steady' : 'total'}: ${window.requestsPerSecond.toFixed(2)} requests/s, ${tokens} output tokens/s over ${window.seconds.toFixed(1)} s`,
    `  end to end ${latencies(window.endToEndMs)}${window.timeToFirstTokenMs ? `; first token ${latencies(window.timeToFirstTokenMs)}` : ''}`,
    ...(window.goodput === null
      ? []
      : [`  goodput: ${percent(window.goodput)} of the requests kept the objective`]),
    ...(concurrencyChanges.length === 0
      ? []
      : [`  concurrency changed ${concurrencyChanges.length} times on the way`]),
  ];
}

const latencies = ({ p50, p95, p99 }: Percentiles): string =>
  `p50 ${p50.toFixed(0)}, p95 ${p95.toFixed(0)}, p99 ${p99.toFixed(0)} ms`;

const costLine = ({ spentUsd, usdPerHour }: Results['cost']): string[] =>
  spentUsd === null ? [] : [`cost: $${spentUsd.toFixed(2)} at $${usdPerHour!.toFixed(3)} an hour`];

export const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
