/** Answers that no rule could read, and scenarios without one: what a person looks at first when figures surprise. */
import type { Sample } from '../../contract/sample';
import { plural } from '../format';
import { foreign, markup, type Markup } from './markup';
import { section, table } from './parts';

/** The export has all of them, whole. */
const MOST_SHOWN = 20;
const MOST_CHARACTERS = 400;

/** Null when there are none. @param scored null without samples */
export function answersSection(scored: readonly Sample[] | null): Markup | null {
  const unread = scored?.filter(({ judgement }) => judgement.predicted === null) ?? [];
  if (unread.length === 0) return null;
  const shown = unread.slice(0, MOST_SHOWN);
  const others =
    unread.length > shown.length ? `; the first ${shown.length}, the others are in the export` : '';
  return section('unread', 'Not read', [
    table({
      caption: `${plural(unread.length, 'scenario')} without a label${others}. Each counts as wrong.`,
      header: ['scenario', 'outcome', 'answer'],
      words: [1, 2],
      rows: shown.map(({ scenarioId, judgement, error, answer }) => ({
        cells: [
          markup`<code>${breakable(scenarioId)}</code>`,
          error ? `error: ${error.kind}` : judgement.outcome,
          markup`<div class="answer">${foreign(clipped(error ? error.message : answer))}</div>`,
        ],
      })),
    }),
  ]);
}

/** An id may break after its colons, and nowhere else. */
const breakable = (id: string): Markup[] => id.split(/(?<=:)/).map((part) => markup`${part}<wbr>`);

const clipped = (text: string): string =>
  text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS)}… (${plural(text.length, 'character')})`;
