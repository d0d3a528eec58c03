/** The machines over time: one small plot below the other, on one axis of time. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { TelemetryLine } from '../../contract/telemetry-line';
import { duration, plural, tickText } from '../format';
import { markup, type Markup } from '../html/markup';
import { horizontal, label } from './axes';
import { figure, px, WIDTH } from './figure';
import { PANELS, type Panel } from './panels';
import { thinned, type Point } from './thinned';

const [LEFT, RIGHT] = [64, WIDTH - 24];
const [TOP, PANEL, STEP] = [26, 64, 106];

/** Rough width of a letter of the legend: nothing measures text here. */
const LETTER = 7;

interface Drawn extends Omit<Panel, 'series'> {
  readonly series: readonly {
    readonly name: string;
    readonly className: string;
    readonly points: readonly Point[];
  }[];
}

type Scale = (seconds: number) => number;

/** Undefined when there are not two readings of anything. */
export function telemetryPlot(lines: readonly TelemetryLine[]): Markup | undefined {
  const first = Date.parse(lines[0]?.at ?? '');
  const seconds = lines.map(({ at }) => (Date.parse(at) - first) / 1000);
  const panels = PANELS.map((panel) => drawn(panel, lines, seconds)).filter(
    ({ series }) => series.length > 0,
  );
  if (panels.length === 0) return undefined;

  const last = Math.max(...seconds);
  const x = scaleLinear([0, last], [LEFT, RIGHT]);
  const bottom = TOP + (panels.length - 1) * STEP + PANEL;
  return figure(
    {
      id: 'telemetry',
      title: 'The machines over time',
      description: `${plural(lines.length, 'reading')} over ${duration(last)}. ${panels.map(({ title }) => title).join('; ')}.`,
      height: bottom + 44,
    },
    [
      ...scoredPhases(lines, seconds).map(
        ([from, to]) =>
          markup`<rect class="phase" x="${px(x(from))}" y="${TOP}" width="${px(x(to) - x(from))}" height="${bottom - TOP}"/>`,
      ),
      ...panels.map((panel, i) => panelMarks(panel, x, TOP + i * STEP)),
      markup`<g class="axis">${x.ticks(8).map((tick) => label('tick', x(tick), bottom + 18, tickText(tick), 'middle'))}${label('name', RIGHT, bottom + 36, 'seconds since the first reading', 'end')}</g>`,
    ],
  );
}

function drawn(panel: Panel, lines: readonly TelemetryLine[], seconds: readonly number[]): Drawn {
  const series = panel.series.map(({ name, className, of }) => ({
    name,
    className,
    points: thinned(lines.map((reading, i): Point => [seconds[i]!, of(reading)])),
  }));
  return { ...panel, series: series.filter(({ points }) => points.filter(isKnown).length > 1) };
}

const isKnown = ([, value]: Point): boolean => value !== null;

function panelMarks({ title, most, format, series }: Drawn, x: Scale, top: number): Markup {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value ?? 0));
  const y = scaleLinear([0, Math.max(most, ...values) || 1], [top + PANEL, top]).nice(2);
  const path = line<Point>()
    .defined(isKnown)
    .digits(1)
    .x(([at]) => x(at))
    .y(([, value]) => y(value!));
  return markup`<g>
${label('', LEFT, top - 10, title)}
<g class="axis">${y.ticks(2).map((tick) => [horizontal('grid', LEFT, RIGHT, y(tick)), label('tick', LEFT - 8, y(tick) + 4, format(tick), 'end')])}</g>
${series.map(({ className, points }) => markup`<path class="${className}" d="${path([...points])}"/>`)}
${legend(series, top - 10)}
</g>
`;
}

/** From the right, each as wide as its name needs. */
function legend(series: Drawn['series'], y: number): Markup[] {
  let right = RIGHT;
  return series.toReversed().map(({ name, className }) => {
    const left = right - name.length * LETTER - 30;
    right = left - 14;
    return markup`${horizontal(className, left, left + 24, y - 4)}${label('note', left + 30, y, name)}`;
  });
}

/** From and to of each stretch in which scenarios were scored, in seconds. */
function scoredPhases(
  lines: readonly TelemetryLine[],
  seconds: readonly number[],
): [from: number, to: number][] {
  const phases: [number, number][] = [];
  lines.forEach(({ during }, i) => {
    if (during !== 'scored') return;
    const last = phases.at(-1);
    if (last && lines[i - 1]!.during === 'scored') last[1] = seconds[i]!;
    else phases.push([seconds[Math.max(0, i - 1)]!, seconds[i]!]);
  });
  return phases;
}
