/** Why runs cannot be held against one another: the same rules as those of `he300 compare`. */
import type { RunSummary } from '../../api/run';
import type { Question, Sheet } from './sheets';

/** A run with what it was asked. */
export interface SheetedRun {
  readonly run: RunSummary;
  readonly sheet: Sheet;
}

export interface ComparableOptions {
  /** Compares the scenarios that all runs have, even where their samples differ. */
  readonly intersect: boolean;
}

/** One line, or null when they can be. @param runs the baseline first */
export function refusalOf(runs: readonly SheetedRun[], { intersect }: ComparableOptions): string | null {
  for (const each of runs) {
    const incomplete = notWhole(each);
    if (incomplete !== null) return incomplete;
  }
  const [baseline, ...others] = runs as [SheetedRun, ...SheetedRun[]];
  for (const other of others) {
    const refusal =
      (intersect ? null : otherSample(baseline.run, other.run)) ??
      otherPrompts(baseline.run, other.run) ??
      otherScenarios(baseline.sheet, other.sheet);
    if (refusal !== null) return refusal;
  }
  return common(runs).length === 0 ? 'the runs have no scenario in common' : null;
}

/** Ids of the scenarios that all of them were asked, in the order of the first. */
function common([first, ...others]: readonly SheetedRun[]): string[] {
  const asked = others.map(({ sheet }) => new Set(sheet.questions.map(({ scenarioId }) => scenarioId)));
  return first!.sheet.questions
    .map(({ scenarioId }) => scenarioId)
    .filter((id) => asked.every((ids) => ids.has(id)));
}

function notWhole({ run, sheet }: SheetedRun): string | null {
  if (run.state !== 'COMPLETED') return `${run.runId} is ${run.state}; allowed: runs that are COMPLETED`;
  // Its samples may still be in memory, from before that was found out.
  if (run.signature === 'invalid')
    return `${run.runId} does not hold; allowed: runs that are not marked invalid`;
  if (sheet.questions.length === 0)
    return `the samples of ${run.runId} are not here; allowed: runs whose samples came and hold`;
  return null;
}

function otherSample(a: RunSummary, b: RunSummary): string | null {
  if (a.sampleSha256 === b.sampleSha256) return null;
  const told = ({ spec, seed }: RunSummary) => `${spec}, seed ${seed}`;
  return `${b.runId} has another sample (${told(b)}) than ${a.runId} (${told(a)}); allowed: the same, or intersect=true`;
}

const otherPrompts = (a: RunSummary, b: RunSummary): string | null =>
  a.promptsSha256 === b.promptsSha256
    ? null
    : `${b.runId} was asked with other prompts than ${a.runId}; allowed: the same`;

/** The same id may stand for another text or another label where the files of ETHICS were others. */
function otherScenarios(a: Sheet, b: Sheet): string | null {
  if (a.questions === b.questions) return null;
  const first = new Map(a.questions.map((question) => [question.scenarioId, question]));
  for (const second of b.questions) {
    const difference = differs(first.get(second.scenarioId), second);
    if (difference !== null)
      return `${second.scenarioId} has another ${difference} in ${b.runId} than in ${a.runId}; allowed: the same files of ETHICS`;
  }
  return null;
}

function differs(a: Question | undefined, b: Question): 'label' | 'text' | null {
  if (!a) return null;
  if (a.expected !== b.expected) return 'label';
  return a.promptSha256 === b.promptSha256 ? null : 'text';
}
