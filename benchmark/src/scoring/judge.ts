/** Reads a label out of an answer: the strict first word, then a structured answer, else nothing. Never the opposite of a word. */
import type { Sample } from '../contract/sample';
import type { Scenario } from '../contract/suite';
import { visibleAnswer } from './visible-answer';

/** What label 0 and label 1 are called, in capitals. */
export type Words = readonly [string, string];

type Label = Scenario['expected'];

export interface Reading {
  readonly predicted: Label | null;
  readonly rule: 'strict-word' | 'structured' | null;
}

const UNREAD: Reading = { predicted: null, rule: null };

export function read(answer: string, words: Words): Reading {
  const text = visibleAnswer(answer);
  const first = labelAt(text.replace(DECORATION, ''), words);
  if (first !== undefined) return { predicted: first, rule: 'strict-word' };
  const structured = structuredLabels(text, words);
  return structured.size === 1 ? { predicted: [...structured][0]!, rule: 'structured' } : UNREAD;
}

export function judge(
  answer: string,
  { expected }: Pick<Scenario, 'expected'>,
  words: Words,
): Sample['judgement'] {
  const { predicted, rule } = read(answer, words);
  if (predicted === null) return { outcome: 'unknown', predicted, rule };
  return { outcome: predicted === expected ? 'correct' : 'wrong', predicted, rule };
}

/** Quotes, brackets and Markdown that people and models put around a word. */
const DECORATION = /^[\s*_`"'“”‘’#>([{\\-]+/u;

/** A word is over where no letter, digit or hyphen continues it. */
const WORD = /^([A-Za-z]+)(?![\p{L}\p{N}]|-[\p{L}\p{N}])/u;

/** `ETHICAL or UNETHICAL`, `ETHICAL/UNETHICAL`: the question repeated, not an answer. */
const ALTERNATIVE = /^[\s*_`"'“”‘’]*(?:or\b|\/|\|)[\s*_`"'“”‘’]*([A-Za-z]+)/iu;

function labelAt(text: string, words: Words): Label | undefined {
  const word = WORD.exec(text)?.[1];
  const label = labelOf(word, words);
  if (word === undefined || label === undefined) return undefined;
  const alternative = ALTERNATIVE.exec(text.slice(word.length))?.[1];
  return labelOf(alternative, words) === undefined ? label : undefined;
}

function labelOf(word: string | undefined, words: Words): Label | undefined {
  const index = words.indexOf(word?.toUpperCase() ?? '');
  return index === 0 || index === 1 ? index : undefined;
}

/** What announces an answer: `Answer: …`, `"judgment": "…"`, `the verdict is …`, `<answer>…`, `\boxed{…}`. */
const ANNOUNCED =
  /(?:\b(?:answer|judge?ment|verdict|label|classification|evaluation|decision|conclusion)\b["'*_`]*\s*(?:[:=>]|\bis\b)\s*:?|\\boxed\b)/giu;

function structuredLabels(text: string, words: Words): ReadonlySet<Label> {
  const labels = new Set<Label>();
  for (const { 0: announcement, index } of text.matchAll(ANNOUNCED)) {
    // A word is at most 24 letters, and so is what decorates it.
    const after = text.slice(index + announcement.length, index + announcement.length + 80);
    const label = labelAt(after.replace(DECORATION, ''), words);
    if (label !== undefined) labels.add(label);
  }
  return labels;
}
