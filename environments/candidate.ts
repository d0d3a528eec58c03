/** Which candidate of an environment a deploy asks for. */
import { runCost, type RunCost } from '../constructs/gpu-host/prices';
import { runnerHostOf } from './runner-host';
import type { Candidate, Environment } from './schema';

/** Stable name of a candidate: it stays the same when the list is re-ordered. */
export const candidateKey = (c: Candidate): string =>
  `${c.cloud}/${c.region}${c.zone}/${c.instanceType}/${c.market}`;

/** What a run on that candidate may cost, its runner's host included. */
export const costOf = (env: Environment, { instanceType }: Pick<Candidate, 'instanceType'>): RunCost =>
  runCost(instanceType, env.run.timeLimitMinutes, env.gpu.diskGb, runnerHostOf(env));

/**
 * Why the candidate that `HE300_CANDIDATE` (0-based) names cannot be launched; undefined when it can.
 * @param requested value of the variable; undefined or empty: the first candidate
 */
export function candidateFault(env: Environment, requested: string | undefined): string | undefined {
  const { candidates } = env.gpu;
  const index = Number(requested || 0);
  const candidate = /^\d*$/.test(requested ?? '') ? candidates[index] : undefined;
  const file = `environments/${env.name}.ts`;
  if (!candidate) {
    return `HE300_CANDIDATE: '${requested}'; allowed: 0 to ${candidates.length - 1}, an index of gpu.candidates of ${file}`;
  }
  const { timeLimitMinutes, priceCapUsd } = env.run;
  const { upperBoundUsd } = costOf(env, candidate);
  if (upperBoundUsd <= priceCapUsd) return undefined;
  return `${file}: gpu.candidates[${index}]: ${candidateKey(candidate)} may cost $${upperBoundUsd.toFixed(2)} in ${timeLimitMinutes} minutes; allowed: at most run.priceCapUsd, $${priceCapUsd.toFixed(2)}`;
}
