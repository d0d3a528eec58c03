/** Binds a result to what was asked and what was judged, so that neither can be exchanged afterwards. */
import { createHash, hash } from 'node:crypto';
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';

type Asked = Pick<Results, 'suite' | 'prompts' | 'model' | 'generation'>;

/**
 * SHA-256 over lines, each ended by a line feed: one of JSON with what was asked, then for each scored sample, in the
 * sample's order, its scenario, what was expected, the SHA-256 of its answer, its outcome and the prediction.
 */
export function bindingSha256(
  { suite, prompts, model, generation }: Asked,
  samples: readonly Sample[],
): string {
  const binding = createHash('sha256');
  const { spec, seed, sampleSha256, datasetSha256 } = suite;
  const { temperature, maxTokens } = generation;
  const asked = [
    ...['he300.binding/v1', spec, seed, sampleSha256, datasetSha256, prompts.sha256],
    ...[model.name, model.digest, temperature, maxTokens, generation.seed],
  ];
  binding.update(`${JSON.stringify(asked)}\n`);
  const scored = samples.filter(({ pass }) => pass === 'scored').sort((a, b) => a.index - b.index);
  for (const { scenarioId, expected, answer, judgement } of scored) {
    const answerSha256 = hash('sha256', answer);
    binding.update(
      `${JSON.stringify([scenarioId, expected, answerSha256, judgement.outcome, judgement.predicted])}\n`,
    );
  }
  return binding.digest('hex');
}
