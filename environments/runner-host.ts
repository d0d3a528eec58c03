import type { Environment, Topology } from './schema';

export type RunnerHost = Extract<Extract<Topology, { kind: 'remote' }>['runner'], { readonly kind: 'host' }>;

/** The runner's host in the `remote` topology; undefined where the runner is on the GPU host, or none of ours. */
export function runnerHostOf({ topology }: Pick<Environment, 'topology'>): RunnerHost | undefined {
  return topology.kind === 'remote' && topology.runner.kind === 'host' ? topology.runner : undefined;
}
