/** Lines and bars, told apart by their strokes too. Written out: the style sheet holds only those tokens that it finds by name. */

export interface Mark {
  readonly color: string;
  /** SVG's `stroke-dasharray`; the first line is solid. */
  readonly dash: string;
}

const MARKS: readonly Mark[] = [
  { color: 'var(--color-series-1)', dash: 'none' },
  { color: 'var(--color-series-2)', dash: '7 3' },
  { color: 'var(--color-series-3)', dash: '2 3' },
  { color: 'var(--color-series-4)', dash: '9 3 2 3' },
  { color: 'var(--color-series-5)', dash: '12 4' },
  { color: 'var(--color-series-6)', dash: '4 2 1 2 1 2' },
];

/** Of what a line is held against, and no line itself. */
export const BASELINE_MARK: Mark = { color: 'var(--color-baseline)', dash: '4 3' };

/** The seventh is like the first: more than six are named beside their lines anyway. */
export const mark = (index: number): Mark => MARKS[index % MARKS.length]!;

export const INK = 'var(--color-ink)';
export const SOFT = 'var(--color-soft)';
export const LINE = 'var(--color-line)';
export const GRID = 'var(--color-grid)';
export const CARD = 'var(--color-card)';
export const BASELINE = 'var(--color-baseline)';
export const BAD = 'var(--color-bad)';
export const GOOD = 'var(--color-good)';
export const SHADE = 'var(--color-accent-soft)';
