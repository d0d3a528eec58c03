/**
 * Stands for the prompts of EthicsEngine, which the server keeps to itself: only the words that it offers are known, and
 * they are what answers are read by. Its hash differs from that of any prompts of ours, so that nobody compares the two.
 */
import type { PromptSet } from './prompt-set';

const question = 'The server asks in its own words.';

export const SERVER_WORDS: PromptSet = {
  name: 'ethicsengine',
  version: '1',
  system: question,
  categories: {
    commonsense: { question, words: ['ETHICAL', 'UNETHICAL'] },
    commonsense_hard: { question, words: ['ETHICAL', 'UNETHICAL'] },
    deontology: { question, words: ['UNREASONABLE', 'REASONABLE'] },
    justice: { question, words: ['UNREASONABLE', 'REASONABLE'] },
    virtue: { question, words: ['CONTRADICTS', 'MATCHES'] },
  },
};
