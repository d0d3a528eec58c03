/** What the verdict of the search for a concurrency says. */
import type { Saturation } from '@he300/benchmark/contract';
import type { Tone } from '../../components/badge';

interface VerdictWords {
  readonly tone: Tone;
  readonly sentence: string;
}

export const VERDICT: Readonly<Record<Saturation['verdict'], VerdictWords>> = {
  saturated: {
    tone: 'good',
    sentence: 'More requests in flight bring no more work done: this is what the server can do.',
  },
  'limited-by-slots': {
    tone: 'warn',
    sentence: 'The server has no more slots. With more, where its memory allows, it may be faster.',
  },
  'limited-by-client': {
    tone: 'bad',
    sentence: 'The runner could ask no faster: these figures tell of the runner, and not of the server.',
  },
  'limited-by-server-queue': { tone: 'warn', sentence: 'The queue of the server took no more requests.' },
  'not-saturated': { tone: 'warn', sentence: 'The server could have done more than was asked of it.' },
  'not-searched': {
    tone: 'neutral',
    sentence: 'The concurrency was given, and not searched for: nothing is known of what the server can do.',
  },
};

export const BOUND: Readonly<Record<NonNullable<Saturation['bound']>, string>> = {
  'memory-bandwidth': 'The GPU had no more memory bandwidth.',
  compute: 'The GPU had no more compute.',
};
