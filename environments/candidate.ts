/** Which candidate of an environment a deploy asks for. */
import { runCost } from '../constructs/gpu-host/prices';
import type { Candidate, Environment } from './schema';

/** Stable name of a candidate: it stays the same when the list is re-ordered. */
export const candidateKey = (c: Candidate): string =>
  `${c.cloud}/${c.region}${c.zone}/${c.instanceType}/${c.market}`;

/**
 * Why the candidate that `HE300_CANDIDATE` (0-based) names cannot be launched; undefined when it can.
 * @param requested value of the variable; undefined or empty: the first candidate
 */
export function candidateFault(env: Environment, requested: string | undefined): string | undefined {
  const { candidates, diskGb } = env.gpu;
  const index = Number(requested || 0);
  const candidate = /^\d*$/.test(requested ?? '') ? candidates[index] : undefined;
  const file = `environments/${env.name}.ts`;
  if (!candidate) {
    return `HE300_CANDIDATE: '${requested}'; allowed: 0 to ${candidates.length - 1}, an index of gpu.candidates of ${file}`;
  }
  const { timeLimitMinutes, priceCapUsd } = env.run;
  const { upperBoundUsd } = runCost(candidate.instanceType, timeLimitMinutes, diskGb);
  if (upperBoundUsd <= priceCapUsd) return undefined;
  return `${file}: gpu.candidates[${index}]: ${candidateKey(candidate)} may cost $${upperBoundUsd.toFixed(2)} in ${timeLimitMinutes} minutes; allowed: at most run.priceCapUsd, $${priceCapUsd.toFixed(2)}`;
}
