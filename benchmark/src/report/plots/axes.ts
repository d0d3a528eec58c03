/** Lines, texts and axes with grid lines. */
import { markup, type Markup } from '../html/markup';
import { px } from './figure';

export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface AxisOptions {
  readonly ticks: readonly number[];
  /** From a value to its pixel. */
  readonly at: (value: number) => number;
  readonly format: (value: number) => string;
  readonly label: string;
}

export const horizontal = (className: string, x1: number, x2: number, y: number): Markup =>
  markup`<line class="${className}" x1="${px(x1)}" x2="${px(x2)}" y1="${px(y)}" y2="${px(y)}"/>`;

export const vertical = (className: string, x: number, y1: number, y2: number): Markup =>
  markup`<line class="${className}" x1="${px(x)}" x2="${px(x)}" y1="${px(y1)}" y2="${px(y2)}"/>`;

export const label = (
  className: string,
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): Markup =>
  markup`<text class="${className}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${text}</text>`;

export const bottomAxis = (area: Area, { ticks, at, format, label: name }: AxisOptions): Markup => {
  const { left, right, top, bottom } = area;
  return markup`<g class="axis">
${ticks.map((tick) => [vertical('grid', at(tick), top, bottom), label('tick', at(tick), bottom + 18, format(tick), 'middle')])}
${horizontal('base', left, right, bottom)}${label('name', right, bottom + 36, name, 'end')}
</g>
`;
};

export const leftAxis = (area: Area, { ticks, at, format, label: name }: AxisOptions): Markup => {
  const { left, right, top } = area;
  return markup`<g class="axis">
${ticks.map((tick) => [horizontal('grid', left, right, at(tick)), label('tick', left - 8, at(tick) + 4, format(tick), 'end')])}
${label('name', 8, top - 12, name)}
</g>
`;
};
