/** The frame of a plot: an SVG that tells its title and its gist to those who cannot see it. */
import { markup, type Markup } from '../html/markup';

export interface FigureOptions {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** What the plot shows, in a sentence or two with its main figures. */
  readonly description: string;
  readonly height: number;
}

/** Every plot is as wide as the page's column; the browser scales it. */
export const WIDTH = 760;

export const figure = (
  { id, title, description, height }: FigureOptions,
  marks: readonly Markup[],
): Markup => markup`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${marks}</svg>
`;

/** Coordinates to a tenth of a pixel: shorter, and the same wherever they are computed. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);
