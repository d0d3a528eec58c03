/** The one-page report of a run, as text. No bare percentage: each has its interval and its baseline. */
import type { Performance, PerformanceWindow, Saturation } from '../contract/performance';
import type { Results } from '../contract/results';
import type { CategoryScore, Score } from '../contract/score';
import type { Telemetry } from '../contract/telemetry';
import type { Percentiles } from '../measure/latencies';
import { oneLine } from '../one-line';
import { columns } from './columns';
import { efficiencyOf, type Yield } from './efficiency';
import { amount, duration, ms, percent, plural, range, usd } from './format';
import { latencyRows, PERCENTILES } from './latency-rows';
import { machineNotes, machineRows } from './machines';
import { comparability, judgeSentence, proof, verdictWords, type Shown } from '../share/shown';

export function textReport(shown: Shown): string {
  const { results } = shown;
  const { score, performance } = results;
  const blocks = [
    headLines(shown),
    [...scoreTable(score), ...groupsLines(score), ...flipsLine(score), ...judgeLine(score)],
    loadLines(performance.saturation),
    paceLines(performance),
    machineLines(performance.telemetry ?? performance.saturation.telemetry ?? null),
    costLines(results),
  ];
  const lines = blocks.filter((block) => block.length > 0).flatMap((block) => [...block, '']);
  return `${lines.slice(0, -1).map(oneLine).join('\n')}\n`;
}

function headLines(shown: Shown): string[] {
  const { runId, suite, prompts, model, engine, generation, host, partial, startedAt } = shown.results;
  const machine = host.gpu ? `${host.gpu.count} × ${host.gpu.name}` : `${host.cpus} CPUs, no GPU`;
  return [
    `HE-300 ${suite.spec}, seed ${suite.seed}: ${model.name} on ${engine.server ?? engine.name}`,
    `run ${runId}, ${startedAt}, ${machine}`,
    `prompts ${prompts.name} v${prompts.version}, SHA-256 ${prompts.sha256}`,
    `temperature ${generation.temperature}, at most ${generation.maxTokens} tokens an answer`,
    ...(partial
      ? [`PARTIAL: ${partial.reason}; ${percent(partial.scored)} of the scenarios were asked`]
      : []),
    comparability(shown.results),
    proof(shown),
  ];
}

const SCORE_HEADER = ['', 'asked', 'correct', 'accuracy', '95 % interval', 'baseline', 'unknown', 'errors'];

const scoreTable = ({ overall, categories }: Score): string[] =>
  columns([
    SCORE_HEADER,
    ...categories.map((category) => scoreRow(category.category, category, category.wilson95)),
    scoreRow('overall', overall, overall.bootstrap95),
  ]);

function scoreRow(
  name: string,
  counts: Omit<CategoryScore, 'category' | 'groups'>,
  interval: CategoryScore['wilson95'],
): string[] {
  const { scenarios, correct, accuracy, majorityBaseline, unknown, errors } = counts;
  return [
    ...[name, String(scenarios), String(correct), percent(accuracy), range(interval)],
    ...[percent(majorityBaseline), String(unknown), String(errors)],
  ];
}

const groupsLines = ({ categories }: Score): string[] =>
  categories.flatMap(({ category, groups }) =>
    groups
      ? [
          `${category}: ${groups.exact} of ${plural(groups.groups, 'group')} all right, ${share(groups.exact, groups.groups)} (95 % interval ${range(groups.wilson95)})`,
        ]
      : [],
  );

function flipsLine({ flips }: Score): string[] {
  if (!flips) return [];
  const { rescored, flipped, wilson95 } = flips;
  return [
    `asked again alone: ${flipped} of ${plural(rescored, 'answer')} changed, ${share(flipped, rescored)} (95 % interval ${range(wilson95)})`,
  ];
}

const judgeLine = ({ judge }: Score): string[] => (judge ? [judgeSentence(judge)] : []);

const share = (part: number, all: number): string => percent(all === 0 ? 0 : part / all);

function loadLines(saturation: Saturation): string[] {
  const { verdict, chosenConcurrency, peakTokensPerSecond, windows, evidence, warnings, unknowns } =
    saturation;
  const peak =
    peakTokensPerSecond === null
      ? ''
      : `, peak ${amount(peakTokensPerSecond)} tokens/s in ${plural(windows.length, 'window')}`;
  return [
    `load: ${verdictWords(verdict)}, ${chosenConcurrency} in flight${peak}`,
    ...evidence.map((line) => `  ${line}`),
    ...(warnings ?? []).map((line) => `  warning: ${line}`),
    ...(unknowns ?? []).map((line) => `  not known: ${line}`),
  ];
}

function paceLines(performance: Performance): string[] {
  const { total, steady, concurrencyChanges } = performance;
  const cells = (values: Percentiles | null): string[] =>
    PERCENTILES.map(([key]) => (values ? ms(values[key]) : '–'));
  const rows = latencyRows(performance).flatMap(({ name, total, steady }) => [
    [`${name}, total`, ...cells(total)],
    ...(steady ? [[`${name}, steady`, ...cells(steady)]] : []),
  ]);
  return [
    paceLine('total', total),
    ...(steady ? [paceLine('steady', steady)] : ['steady: no stretch of the pass was steady']),
    ...(concurrencyChanges.length === 0
      ? []
      : [`concurrency changed ${plural(concurrencyChanges.length, 'time')} on the way`]),
    ...(rows.length === 0
      ? []
      : columns([['latency in ms, from due', ...PERCENTILES.map(([, name]) => name)], ...rows])),
  ];
}

function paceLine(name: string, window: PerformanceWindow): string {
  const { requests, errors, seconds, requestsPerSecond, goodput } = window;
  const { promptTokensPerSecond, outputTokensPerSecond } = window;
  const rate = (value: number | null): string => (value === null ? 'unknown' : amount(value));
  const kept = goodput === null ? '' : `, goodput ${percent(goodput)} of the requests`;
  return `${name}: ${plural(requests, 'request')} (${plural(errors, 'error')}) in ${duration(seconds)}: ${amount(requestsPerSecond)} requests/s, ${rate(promptTokensPerSecond)} prompt and ${rate(outputTokensPerSecond)} output tokens/s${kept}`;
}

function machineLines(telemetry: Telemetry | null): string[] {
  if (!telemetry) return [];
  const rows = machineRows(telemetry).map(({ name, mean, p95, max }) => [name, mean, p95, max]);
  const header = [`machines, ${plural(telemetry.readings, 'reading')}`, 'mean', 'p95', 'max'];
  return [...columns([header, ...rows]), ...machineNotes(telemetry)];
}

function costLines(results: Results): string[] {
  const { scoring, wholeRun } = efficiencyOf(results);
  const { spentUsd, usdPerHour, wattHours } = results.cost;
  return [
    `scenarios while scoring: ${yieldText(scoring)}`,
    `scenarios of the whole run: ${yieldText(wholeRun)}`,
    ...(spentUsd === null || usdPerHour === null
      ? []
      : [`cost: ${usd(spentUsd)} at ${usd(usdPerHour, 3)} an hour`]),
    ...(wattHours === null ? [] : [`energy: ${amount(wattHours)} Wh of the GPUs`]),
  ];
}

function yieldText({ perSecond, perUsd, perWattHour }: Yield): string {
  const of = (value: number | null, unit: string): string[] =>
    value === null ? [] : [`${amount(value)} ${unit}`];
  const known = [...of(perSecond, 'a second'), ...of(perUsd, 'a dollar'), ...of(perWattHour, 'a watt-hour')];
  return known.length === 0 ? 'unknown' : known.join(', ');
}
