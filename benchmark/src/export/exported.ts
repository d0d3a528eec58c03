/** A run with everything that an export may say of each of its scenarios. */
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { Message } from '../prompts/prompt-set';
import { scoredOf, type Shown } from '../share/shown';
import { wereAsked, type AskedScenarios } from './asked';

export interface ExportedSample {
  readonly sample: Sample;
  /** The same scenario asked again alone; null when it was not. */
  readonly rescored: Sample | null;
  /** Null where the scenario's text cannot be had, or was not to be shown. */
  readonly input: string | null;
  readonly messages: readonly Message[] | null;
  readonly groupId: string | null;
  /** Of labels: words where they are known, else `0` and `1`. */
  readonly nameOf: (label: 0 | 1) => string;
}

export interface ExportedRun {
  readonly results: Results;
  readonly publicKey: string | null;
  /** Scored ones, in the order of the sample. */
  readonly samples: readonly ExportedSample[];
}

/** @param asked empty leaves out texts and groups */
export function exportedRun(
  { results, samples, publicKey }: Shown & { readonly samples: readonly Sample[] },
  { byId }: Pick<AskedScenarios, 'byId'>,
  { withoutTexts }: { readonly withoutTexts: boolean },
): ExportedRun {
  const again = new Map(
    samples.filter(({ pass }) => pass === 'rescored').map((sample) => [sample.scenarioId, sample]),
  );
  return {
    results,
    publicKey,
    samples: scoredOf(samples).map((sample): ExportedSample => {
      const asked = byId.get(sample.scenarioId);
      const texts = withoutTexts ? undefined : asked;
      const words = texts?.words ?? null;
      return {
        sample,
        rescored: again.get(sample.scenarioId) ?? null,
        input: texts?.scenario.input ?? null,
        messages: texts?.messages && wereAsked(texts.messages, sample) ? texts.messages : null,
        groupId: asked?.scenario.groupId ?? null,
        nameOf: (label) => words?.[label] ?? String(label),
      };
    }),
  };
}

/** JSON may hold halves of surrogate pairs, which no reader of UTF-8 takes: an answer that was cut ends in one. */
export const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd');

export const expectedOf = ({ sample, nameOf }: ExportedSample): string => nameOf(sample.expected);

/** What the rules read; null when nothing. */
export const predictedOf = ({ sample, nameOf }: ExportedSample): string | null =>
  sample.judgement.predicted === null ? null : nameOf(sample.judgement.predicted);
