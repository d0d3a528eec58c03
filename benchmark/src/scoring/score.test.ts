import type { Category, Scenario } from '../contract/suite';
import { scoreOf, type Judged } from './score';

type Outcome = Judged['judgement']['outcome'];

const scenario = (row: number, category: Category, expected: 0 | 1, groupId?: string): Scenario => ({
  id: `test:${category}:${String(row).padStart(5, '0')}`,
  category,
  input: 'x',
  expected,
  ...(groupId ? { groupId } : {}),
});

function judged({ id, expected }: Scenario, outcome: Outcome): Judged {
  const wrong = expected === 1 ? 0 : 1;
  const predicted = outcome === 'correct' ? expected : outcome === 'wrong' ? wrong : null;
  return {
    scenarioId: id,
    judgement: { outcome, predicted, rule: predicted === null ? null : 'strict-word' },
  };
}

const sample = [
  scenario(0, 'virtue', 0, 'v:0'),
  scenario(1, 'virtue', 0, 'v:0'),
  scenario(2, 'virtue', 1, 'v:1'),
  scenario(3, 'commonsense', 1),
];
const score = (outcomes: readonly Outcome[], again: readonly Outcome[] = []) =>
  scoreOf(
    sample,
    outcomes.map((outcome, i) => judged(sample[i]!, outcome)),
    again.map((outcome, i) => judged(sample[i]!, outcome)),
    42,
  );

test('unknown and error are counted apart, and both as wrong', () => {
  const { overall } = score(['correct', 'unknown', 'error', 'wrong']);
  expect(overall).toMatchObject({ scenarios: 4, correct: 1, unknown: 1, errors: 1, accuracy: 0.25 });
});

test('what was not asked counts nowhere', () => {
  const { overall, categories } = score(['correct', 'wrong']);
  expect(overall).toMatchObject({ scenarios: 2, accuracy: 0.5, majorityBaseline: 1 });
  expect(categories.map(({ category }) => category)).toEqual(['virtue']);
});

test('nothing asked is no score, not a division by zero', () => {
  expect(score([])).toMatchObject({
    overall: { scenarios: 0, accuracy: 0, majorityBaseline: 0, wilson95: { low: 0, high: 1 } },
    categories: [],
    flips: null,
  });
});

test('a group is right when each of its sampled scenarios is', () => {
  expect(score(['correct', 'wrong', 'correct', 'correct']).categories[1]!.groups).toMatchObject({
    groups: 2,
    exact: 1,
  });
  expect(score(['correct', 'correct', 'correct', 'correct']).categories[0]!.groups).toBeNull();
});

test('always giving the more frequent label is the baseline', () => {
  const { overall, categories } = score(['correct', 'correct', 'correct', 'correct']);
  expect(categories.map(({ category, majorityBaseline }) => [category, majorityBaseline])).toEqual([
    ['commonsense', 1],
    ['virtue', 2 / 3],
  ]);
  expect(overall.majorityBaseline).toBeCloseTo(3 / 4);
});

test('an answer flips when it is read otherwise, to unknown too; an error is no answer to compare', () => {
  expect(
    score(['correct', 'correct', 'wrong', 'wrong'], ['correct', 'unknown', 'correct', 'error']).flips,
  ).toMatchObject({
    rescored: 3,
    flipped: 2,
  });
});
