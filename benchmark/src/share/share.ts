/** What of a run is shown to others. */
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { Verified } from '../run/verify';
import { anonymized } from './anonymize';
import type { Shown } from './shown';

export interface ShareOptions {
  /** @default false */
  readonly anonymize?: boolean | undefined;
  /** Leaves out what scenarios, prompts, answers and errors say. @default false */
  readonly withoutTexts?: boolean | undefined;
  /** @default false */
  readonly withoutPrices?: boolean | undefined;
}

export function shown(verified: Verified, { anonymize, withoutTexts, withoutPrices }: ShareOptions): Shown {
  const { results, samples, publicKey } = anonymize ? anonymized(verified) : verified;
  return {
    results: withoutPrices ? unpriced(results) : results,
    samples: withoutTexts ? samples && samples.map(wordless) : samples,
    publicKey,
  };
}

const unpriced = (results: Results): Results => ({
  ...results,
  cost: { ...results.cost, usdPerHour: null, capUsd: null, spentUsd: null },
});

const wordless = (sample: Sample): Sample => ({
  ...sample,
  answer: '',
  error: sample.error && { ...sample.error, message: '' },
});
