/** Whether a result is what a run signed, and whether its samples are the ones it was made from. */
import { hash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { results as resultsSchema, signedResults, type Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import { InputError } from '../errors';
import { bindingSha256 } from './binding';
import { FILES } from './directory';
import { readSamples } from './sample-log';
import { signatureHolds } from './signing';

export interface Verified {
  readonly results: Results;
  /** Base64: whoever trusts the result must know that this key was the run's. */
  readonly publicKey: string;
  /** Base64. */
  readonly signature: string;
  /** Null when there is no sample log beside the results. */
  readonly samples: readonly Sample[] | null;
}

/**
 * @param path a run's directory, or its results alone
 * @throws InputError in one line: what does not hold
 */
export function verify(path: string): Verified {
  const isDirectory = existsSync(path) && statSync(path).isDirectory();
  const file = isDirectory ? join(path, FILES.results) : path;
  const signed = readResults(file);
  const log = join(path, FILES.samples);
  if (!isDirectory || !existsSync(log)) return { ...signed, samples: null };
  const samples = readSamples(log);
  checkSamples(signed.results, samples, log);
  return { ...signed, samples };
}

function readResults(file: string): Omit<Verified, 'samples'> {
  if (!existsSync(file)) {
    const directory = dirname(file);
    const remedy = existsSync(join(directory, FILES.plan))
      ? `the run has not come to its end: he300 run --resume ${directory}`
      : `allowed: a run's directory or its ${FILES.results}`;
    throw new InputError(`verify: no ${file}; ${remedy}`);
  }
  const signed = signedResults.safeParse(jsonOf(readFileSync(file, 'utf8')));
  if (!signed.success) throw new InputError(`verify: ${file} is no signed result`);
  if (!signatureHolds(signed.data)) throw new InputError(`verify: ${file}: the signature does not hold`);
  const { publicKey, signature } = signed.data;
  const results = resultsSchema.safeParse(jsonOf(signed.data.results));
  if (results.success) return { results: results.data, publicKey, signature };
  const { path, message } = results.error.issues[0]!;
  throw new InputError(`verify: ${file}: ${path.join('.') || 'results'}: ${message}`);
}

function checkSamples(results: Results, samples: readonly Sample[], log: string): void {
  const scored = samples.filter(({ pass }) => pass === 'scored').sort((a, b) => a.index - b.index);
  if (bindingSha256(results, scored) !== results.bindingSha256)
    throw new InputError(`verify: ${log}: the samples are not the ones of the result`);
  const correct = scored.filter(({ judgement }) => judgement.outcome === 'correct').length;
  if (correct !== results.score.overall.correct)
    throw new InputError(
      `verify: ${log}: ${correct} correct; the result says ${results.score.overall.correct}`,
    );
  if (results.partial) return;
  const ids = scored.map(({ scenarioId }) => scenarioId).join('\n');
  if (hash('sha256', ids) !== results.suite.sampleSha256)
    throw new InputError(`verify: ${log}: the scenarios are not those of the sample`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
