/** A table with a caption, its first column the rows' headers. */
import { markup, type Markup } from './markup';

export type Cell = string | Markup;

export interface Row {
  readonly cells: readonly Cell[];
  readonly className?: string;
}

export interface TableOptions {
  readonly caption: string;
  readonly header: readonly string[];
  /** Columns of words, which stand to the left. The first always does. @default - none */
  readonly words?: readonly number[];
  readonly rows: readonly Row[];
}

export function table({ caption, header, words = [], rows }: TableOptions): Markup {
  const classOf = (column: number): string => (words.includes(column) ? 'words' : 'number');
  const cellOf = (cell: Cell, column: number): Markup =>
    column === 0 ? markup`<th scope="row">${cell}</th>` : markup`<td class="${classOf(column)}">${cell}</td>`;
  return markup`<div class="scroll"><table>
<caption>${caption}</caption>
<thead><tr>${header.map((name, i) => markup`<th scope="col" class="${classOf(i)}">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(({ cells, className = '' }) => markup`<tr class="${className}">${cells.map(cellOf)}</tr>\n`)}</tbody>
</table></div>
`;
}

/** @param id of the heading, unique in the page */
export const section = (id: string, title: string, content: readonly (Markup | null | undefined)[]): Markup =>
  markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>
`;
