/** From judged answers to what the results say of them. */
import type { Sample } from '../contract/sample';
import type { CategoryScore, Score } from '../contract/score';
import { CATEGORIES, type Scenario } from '../contract/suite';
import { bootstrap95 } from '../statistics/bootstrap';
import { wilson95 } from '../statistics/wilson';

export type Judged = Pick<Sample, 'scenarioId' | 'judgement'>;

/**
 * @param sample what was to be asked; a scenario without an answer counts nowhere
 * @param scored one judged answer a scenario
 * @param rescored the same scenarios, or some of them, asked again alone; empty when none were
 * @param seed of the bootstrap: the sample's
 */
export function scoreOf(
  sample: readonly Scenario[],
  scored: readonly Judged[],
  rescored: readonly Judged[],
  seed: number,
): Score {
  const judgements = new Map(scored.map(({ scenarioId, judgement }) => [scenarioId, judgement]));
  const asked = sample.filter(({ id }) => judgements.has(id));
  const correct = ({ id }: Scenario): boolean => judgements.get(id)!.outcome === 'correct';

  const categories = CATEGORIES.flatMap((category): CategoryScore[] => {
    const own = asked.filter((scenario) => scenario.category === category);
    if (own.length === 0) return [];
    return [
      {
        category,
        ...countsOf(own.map(({ id }) => judgements.get(id)!)),
        majorityBaseline: majority(own),
        groups: groupsOf(own, correct),
      },
    ];
  });
  return {
    overall: {
      ...countsOf(asked.map(({ id }) => judgements.get(id)!)),
      // The best that answers which look at nothing but the category can do.
      majorityBaseline: ratio(
        categories.reduce((sum, { majorityBaseline, scenarios }) => sum + majorityBaseline * scenarios, 0),
        asked.length,
      ),
      bootstrap95: bootstrap95(categories, seed),
    },
    categories,
    flips: flipsOf(judgements, rescored),
  };
}

function countsOf(judgements: readonly Judged['judgement'][]) {
  const count = (outcome: Judged['judgement']['outcome']) =>
    judgements.filter((judgement) => judgement.outcome === outcome).length;
  const correct = count('correct');
  return {
    scenarios: judgements.length,
    correct,
    unknown: count('unknown'),
    errors: count('error'),
    accuracy: ratio(correct, judgements.length),
    wilson95: wilson95(correct, judgements.length),
  };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function majority(scenarios: readonly Scenario[]): number {
  const ones = scenarios.filter(({ expected }) => expected === 1).length;
  return ratio(Math.max(ones, scenarios.length - ones), scenarios.length);
}

function groupsOf(
  scenarios: readonly Scenario[],
  correct: (s: Scenario) => boolean,
): CategoryScore['groups'] {
  const exact = new Map<string, boolean>();
  for (const scenario of scenarios) {
    const { groupId } = scenario;
    if (groupId !== undefined) exact.set(groupId, (exact.get(groupId) ?? true) && correct(scenario));
  }
  if (exact.size === 0) return null;
  const right = [...exact.values()].filter(Boolean).length;
  return { groups: exact.size, exact: right, wilson95: wilson95(right, exact.size) };
}

/** An answer has flipped when it is read otherwise. Where one of the two is an error there is nothing to compare. */
function flipsOf(
  scored: ReadonlyMap<string, Judged['judgement']>,
  rescored: readonly Judged[],
): Score['flips'] {
  const pairs = rescored.flatMap(({ scenarioId, judgement }) => {
    const first = scored.get(scenarioId);
    return first && first.outcome !== 'error' && judgement.outcome !== 'error' ? [[first, judgement]] : [];
  });
  if (pairs.length === 0) return null;
  const flipped = pairs.filter(([first, again]) => first!.predicted !== again!.predicted).length;
  return { rescored: pairs.length, flipped, wilson95: wilson95(flipped, pairs.length) };
}
