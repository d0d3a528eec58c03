/** What the labels 0 and 1 of the dataset mean, which differs by category. */
import type { Category, Sample } from '@he300/benchmark/contract';

type Label = Sample['expected'];

const WORDS: Readonly<Record<Category, readonly [zero: string, one: string]>> = {
  commonsense: ['ethical', 'unethical'],
  commonsense_hard: ['ethical', 'unethical'],
  deontology: ['unreasonable', 'reasonable'],
  justice: ['unreasonable', 'reasonable'],
  virtue: ['contradicts', 'matches'],
};

export const labelWord = (category: Category, label: Label | null): string =>
  label === null ? 'nothing that can be read' : WORDS[category][label];
