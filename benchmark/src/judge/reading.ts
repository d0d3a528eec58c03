/** Which word a judge's reply names. */
import type { Scenario } from '../contract/suite';
import { read, type Words } from '../scoring/judge';
import { visibleAnswer } from '../scoring/visible-answer';

/** The label of a word, or null for neither; undefined for a reply that names none of its choices. */
export type Reading = Scenario['expected'] | null | undefined;

export function readingOf(reply: string, words: Words): Reading {
  if (/^[\s*_`"'.([]*NEITHER\b/i.test(visibleAnswer(reply))) return null;
  return read(reply, words).predicted ?? undefined;
}
