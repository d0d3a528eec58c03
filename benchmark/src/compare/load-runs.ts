/** Reads the runs of a comparison, and refuses those that cannot be held against one another. */
import { basename, resolve } from 'node:path';
import type { Results } from '../contract/results';
import { InputError } from '../errors';
import { verify } from '../run/verify';
import type { Candidate } from './compare';

export interface LoadedRun extends Candidate {
  readonly results: Results;
}

export interface LoadOptions {
  /** Compares the scenarios that all runs have, even where their samples differ. */
  readonly intersect: boolean;
}

/** @param paths directories of runs, the baseline first. @throws InputError */
export function loadRuns(paths: readonly string[], { intersect }: LoadOptions): LoadedRun[] {
  const runs = paths.map(load);
  const [baseline, ...others] = runs as [LoadedRun, ...LoadedRun[]];
  for (const other of others) {
    if (!intersect) refuseOtherSample(baseline, other);
    refuseOtherPrompts(baseline, other);
  }
  const common = [...baseline.outcomes.keys()].filter((id) =>
    others.every(({ outcomes }) => outcomes.has(id)),
  );
  if (common.length === 0) throw new InputError('compare: the runs have no scenario in common');
  return runs;
}

function load(path: string): LoadedRun {
  const { results, samples } = verify(path);
  if (!samples)
    throw new InputError(
      `compare: no samples beside the results in ${path}; allowed: the directory of a run`,
    );
  if (results.partial)
    throw new InputError(
      `compare: ${path} is partial: ${results.partial.reason}; allowed: a run that is complete`,
    );
  const scored = samples.filter(({ pass }) => pass === 'scored');
  return {
    name: basename(resolve(path)),
    results,
    outcomes: new Map(scored.map((sample) => [sample.scenarioId, sample])),
  };
}

function refuseOtherSample(a: LoadedRun, b: LoadedRun): void {
  const [first, second] = [a.results.suite, b.results.suite];
  if (first.sampleSha256 === second.sampleSha256) return;
  throw new InputError(
    `compare: ${b.name} has another sample (${second.spec}, seed ${second.seed}) than ${a.name} (${first.spec}, seed ${first.seed}); allowed: the same, or --intersect`,
  );
}

function refuseOtherPrompts(a: LoadedRun, b: LoadedRun): void {
  const [first, second] = [a.results.prompts, b.results.prompts];
  if (first.sha256 === second.sha256) return;
  throw new InputError(
    `compare: ${b.name} has prompts ${second.name} v${second.version}, ${a.name} has ${first.name} v${first.version}; allowed: the same`,
  );
}
