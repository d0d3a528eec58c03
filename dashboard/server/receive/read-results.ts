/** `results.json`: whether it is what the run signed, and what the run has told of itself. */
import {
  results as resultsSchema,
  signedResults,
  type Results,
  type RunEvent,
} from '@he300/benchmark/contract';
import { signatureHolds } from '@he300/benchmark/signing';
import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { RunRow } from '../store/received-runs';
import { parsed, Unsound } from './unsound';

const NAME = 'results.json';

/** @throws Unsound */
export function readSigned(bytes: Buffer): { readonly results: Results; readonly publicKey: string } {
  const signed = parsed(signedResults, bytes.toString(), NAME);
  if (!signatureHolds(signed)) throw new Unsound(`${NAME}: the signature does not hold`);
  return { results: parsed(resultsSchema, signed.results, NAME), publicKey: signed.publicKey };
}

export type Told = Pick<RunRow, 'id' | 'public_key' | 'started' | 'state' | 'ended' | 'results_sha256'>;

/** @throws Unsound */
export function readResults(bytes: Buffer, run: Told): Results {
  const { results, publicKey } = readSigned(bytes);
  if (publicKey !== run.public_key)
    throw new Unsound(`${NAME}: another key has signed it than the one that the run registered`);
  if (results.runId !== run.id) throw new Unsound(`${NAME}: it is of ${results.runId}`);
  const started = JSON.parse(run.started!) as Extract<RunEvent, { type: 'run.started' }>;
  for (const part of ['suite', 'prompts', 'model'] as const)
    if (!isDeepStrictEqual(results[part], started[part]))
      throw new Unsound(`${NAME}: its ${part} is not what the run said when it started`);
  if (run.state === 'COMPLETED') checkEnd(bytes, results, run);
  return results;
}

function checkEnd(bytes: Buffer, results: Results, run: Told): void {
  if (hash('sha256', bytes) !== run.results_sha256)
    throw new Unsound(`${NAME}: it is not the file that the run told of at its end`);
  if (results.partial !== null) throw new Unsound(`${NAME}: partial, and the run said that it is complete`);
  const { overall, categories } = JSON.parse(run.ended!) as Extract<RunEvent, { type: 'run.completed' }>;
  const isSame =
    isDeepStrictEqual(overall, results.score.overall) &&
    isDeepStrictEqual(categories, results.score.categories);
  if (!isSame) throw new Unsound(`${NAME}: its score is not what the run told at its end`);
}
