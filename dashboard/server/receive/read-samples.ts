/** `samples.jsonl` and `prompts.jsonl`: whether the samples are those of the results, and the prompts what they say. */
import { bindingSha256 } from '@he300/benchmark/binding';
import {
  promptLine,
  sample as sampleSchema,
  type PromptLine,
  type Results,
  type Sample,
} from '@he300/benchmark/contract';
import { hash } from 'node:crypto';
import { parsed, Unsound } from './unsound';

const SAMPLES = 'samples.jsonl';
const PROMPTS = 'prompts.jsonl';

/** @throws Unsound */
export function readSamples(bytes: Buffer, results: Results): Sample[] {
  const samples = lines(bytes, (line, what) => parsed(sampleSchema, line, what), SAMPLES);
  for (const keyOf of [byPlace, byScenario])
    if (new Set(samples.map(keyOf)).size < samples.length)
      throw new Unsound(`${SAMPLES}: a scenario stands in it twice`);
  if (bindingSha256(results, samples) !== results.bindingSha256)
    throw new Unsound(`${SAMPLES}: the samples are not the ones of the result`);
  const scored = samples.filter(({ pass }) => pass === 'scored').sort((a, b) => a.index - b.index);
  const correct = scored.filter(({ judgement }) => judgement.outcome === 'correct').length;
  if (correct !== results.score.overall.correct)
    throw new Unsound(`${SAMPLES}: ${correct} correct; the result says ${results.score.overall.correct}`);
  const ids = scored.map(({ scenarioId }) => scenarioId).join('\n');
  if (results.partial === null && hash('sha256', ids) !== results.suite.sampleSha256)
    throw new Unsound(`${SAMPLES}: the scenarios are not those of the sample`);
  return samples;
}

const byPlace = ({ pass, index }: Sample): string => `${pass} ${index}`;
const byScenario = ({ pass, scenarioId }: Sample): string => `${pass} ${scenarioId}`;

/** @throws Unsound */
export const readPrompts = (bytes: Buffer): PromptLine[] =>
  lines(
    bytes,
    (line, what) => {
      const prompt = parsed(promptLine, line, what);
      if (hash('sha256', JSON.stringify(prompt.messages)) !== prompt.sha256)
        throw new Unsound(`${what}: the messages do not have their SHA-256`);
      return prompt;
    },
    PROMPTS,
  );

const lines = <T>(bytes: Buffer, read: (line: string, what: string) => T, name: string): T[] =>
  bytes
    .toString()
    .split('\n')
    .flatMap((line, i) => (line === '' ? [] : [read(line, `${name}, line ${i + 1}`)]));
