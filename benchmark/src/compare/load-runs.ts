/** Reads the runs of a comparison, and refuses those that cannot be held against one another. */
import { basename, resolve } from 'node:path';
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import { InputError } from '../errors';
import { verify } from '../run/verify';
import type { Candidate } from './compare';

export interface LoadedRun extends Candidate {
  readonly results: Results;
  readonly outcomes: ReadonlyMap<string, Sample>;
}

export interface LoadOptions {
  /** Compares the scenarios that all runs have, even where their samples differ. */
  readonly intersect: boolean;
}

/** @param paths directories of runs, the baseline first. @throws InputError */
export function loadRuns(paths: readonly string[], { intersect }: LoadOptions): LoadedRun[] {
  const names = namesOf(paths);
  const runs = paths.map((path, i) => load(path, names[i]!));
  const [baseline, ...others] = runs as [LoadedRun, ...LoadedRun[]];
  for (const other of others) {
    if (!intersect) refuseOtherSample(baseline, other);
    refuseOtherPrompts(baseline, other);
    refuseOtherScenarios(baseline, other);
  }
  const common = [...baseline.outcomes.keys()].filter((id) =>
    others.every(({ outcomes }) => outcomes.has(id)),
  );
  if (common.length === 0) throw new InputError('compare: the runs have no scenario in common');
  return runs;
}

/** The last part of each path, where that tells them apart. */
function namesOf(paths: readonly string[]): readonly string[] {
  const short = paths.map((path) => basename(resolve(path)));
  return new Set(short).size === paths.length ? short : paths;
}

function load(path: string, name: string): LoadedRun {
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
    name,
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

/** The same id may stand for another text or another label where the files of ETHICS were others. */
function refuseOtherScenarios(a: LoadedRun, b: LoadedRun): void {
  for (const [id, first] of a.outcomes) {
    const second = b.outcomes.get(id);
    if (!second) continue;
    if (first.expected !== second.expected)
      throw new InputError(
        `compare: ${id} has label ${second.expected} in ${b.name} and ${first.expected} in ${a.name}; allowed: the same files of ETHICS`,
      );
    if (first.promptSha256 !== second.promptSha256)
      throw new InputError(
        `compare: ${id} is another text in ${b.name} than in ${a.name}; allowed: the same files of ETHICS`,
      );
  }
}
