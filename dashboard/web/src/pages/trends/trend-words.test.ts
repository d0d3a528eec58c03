import { regressionSentence } from './trend-words';

const tied = { verdict: 'tied', pValue: 1, adjustedPValue: 1, scenarios: 300 } as const;
const point = (runId: string, sincePrevious: typeof tied | null, regression = false) => ({
  run: { runId },
  sincePrevious,
  regression,
});

it('names the latest regression', () => {
  const points = [point('a', null), point('b', tied, true), point('c', tied, true), point('d', tied)];
  expect(regressionSentence(points)).toBe('The latest is c.');
});

it('says how much was compared where there is none', () => {
  expect(regressionSentence([point('a', null), point('b', tied), point('c', tied)])).toContain(
    '2 runs compared',
  );
  expect(regressionSentence([point('a', null)])).toBe('One run is no trend yet.');
  expect(regressionSentence([point('a', null), point('b', null)])).toContain('could be compared');
});
