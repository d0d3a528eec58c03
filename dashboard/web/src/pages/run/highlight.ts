/** The words that were looked for, found in a text. */

export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

/** Splits a text so that each found word is a piece of its own. Words are taken as they are, not as patterns. */
export function highlight(text: string, query: string | undefined): Piece[] {
  const words = (query ?? '').split(/\s+/).filter(Boolean);
  if (words.length === 0) return text === '' ? [] : [{ text, found: false }];
  const pattern = words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');
  // A capturing group keeps what it splits at: every second piece was found.
  return text
    .split(new RegExp(`(${pattern})`, 'iu'))
    .map((piece, i) => ({ text: piece, found: i % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
