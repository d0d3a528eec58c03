/** How axes look in every chart. */
import { GRID, SOFT } from './palette';

const TICK = { fill: SOFT, fontSize: 12 };

export const AXIS = { tick: TICK, tickLine: false, axisLine: { stroke: GRID } } as const;
export const LINES = { stroke: GRID, strokeDasharray: '0' } as const;
export const MARGIN = { top: 12, right: 16, bottom: 4, left: 0 } as const;

export const below = (value: string) =>
  ({ value, position: 'insideBottom', offset: -2, fill: SOFT, fontSize: 12 }) as const;

/** As few digits as tell ticks apart. */
export const tickText = (value: number): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: 4 });

/** `20 %` of 0.2. */
export const wholePercent = (part: number): string => `${Math.round(part * 100)}\u00a0%`;
