import type { Environment, Region } from './schema';

/** Regions that a host may stand in, in the order of the candidates. */
export function regionsOf(env: Pick<Environment, 'gpu'>): readonly Region[] {
  return [...new Set(env.gpu.candidates.map((c) => c.region))];
}

/** Zone letters that candidates name in `region`. */
export function zonesIn(env: Pick<Environment, 'gpu'>, region: Region): readonly string[] {
  return [...new Set(env.gpu.candidates.filter((c) => c.region === region).map((c) => c.zone))].sort();
}
