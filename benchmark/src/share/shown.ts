/** A run as a report or an export shows it, and what may be said of it. */
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { JudgeScore } from '../contract/score';
import { DEMO_MODEL_NAME } from '../engines/llama-cpp/demo-model';
import { percent, plural, range } from '../report/format';
import { identityOf } from '../prompts/prompt-set';
import { SERVER_WORDS } from '../prompts/server-words';

export interface Shown {
  readonly results: Results;
  /** Null when there is no sample log beside the results. */
  readonly samples: readonly Sample[] | null;
  /** Under which the results were signed, base64; null in an anonymized copy, which no signature covers. */
  readonly publicKey: string | null;
}

/** Of each scenario the answer that counts, in the sample's order. */
export const scoredOf = (samples: readonly Sample[]): Sample[] =>
  samples.filter(({ pass }) => pass === 'scored').sort((a, b) => a.index - b.index);

const SERVER_WORDS_SHA256 = identityOf(SERVER_WORDS).sha256;

/** Whose figures these may be held against: never those of other prompts. */
export function comparability({ suite, prompts, partial, engine, model }: Results): string {
  if (engine.name === 'llama' && model.name === DEMO_MODEL_NAME)
    return 'the figures mean nothing: the demo model judges by a list of words';
  if (partial) return 'the figures are comparable with nobody’s: the run is partial';
  if (suite.spec === 'starter')
    return 'the figures are comparable with nobody’s: the scenarios are a small pack of this project';
  if (!suite.comparable)
    return `the figures are comparable with nobody’s: only ${suite.scenarios} scenarios of the sample were to be asked`;
  if (prompts.sha256 === SERVER_WORDS_SHA256)
    return `comparable with runs of HE-300 ${suite.spec}, seed ${suite.seed}, on the same server only: it asked in its own words, which nobody saw`;
  return `comparable with runs of HE-300 ${suite.spec}, seed ${suite.seed}, under the same prompts (${prompts.name} v${prompts.version}), and with no others`;
}

export function proof({ samples, publicKey }: Shown): string {
  if (publicKey === null)
    return 'anonymized copy: the original’s signature held when it was made, and cannot be checked on it';
  return samples
    ? `signature holds, and the answers beside it are the ones it was made from; key ${publicKey}`
    : `signature holds; no answers beside the results; key ${publicKey}`;
}

export const verdictWords = (verdict: Results['performance']['saturation']['verdict']): string =>
  verdict.replaceAll('-', ' ');

/** How a second model read the answers. It changes no score, and the words say so. */
export function judgeSentence(judge: JudgeScore): string {
  const { model, prompts, agreed, disagreed, unreadable, failed, wilson95 } = judge;
  const compared = agreed + disagreed;
  const part = compared === 0 ? '' : `, ${percent(disagreed / compared)} (95 % interval ${range(wilson95)})`;
  return `${model} as judge (prompts ${prompts.name} v${prompts.version}) read ${disagreed} of ${plural(compared, 'answer')} otherwise than the rules${part}; ${unreadable} of its replies unreadable, ${failed} failed; no score rests on it`;
}
