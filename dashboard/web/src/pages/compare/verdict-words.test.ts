import { differenceInterval, pValue, verdictSentence } from './verdict-words';

const NBSP = '\u00a0';
const counts = { both: 200, onlyA: 10, onlyB: 30, neither: 60 };
const judged = { counts, scenarios: 300, difference: 20 / 300, detectableDifference: 0.06 };

it('says by how much a run is better or worse', () => {
  expect(verdictSentence({ ...judged, verdict: 'better' })).toBe(
    `Better by 6.7${NBSP}points. They differ in 40 of 300 scenarios.`,
  );
  expect(verdictSentence({ ...judged, verdict: 'worse', difference: -0.05 })).toContain(
    `Worse by 5.0${NBSP}points`,
  );
});

it('never says that two runs are the same', () => {
  const sentence = verdictSentence({ ...judged, verdict: 'tied' });
  expect(sentence).toContain('No difference was shown.');
  expect(sentence).toContain(`below about 6.0${NBSP}points`);
  expect(verdictSentence({ ...judged, verdict: 'tied', detectableDifference: null })).not.toContain('hidden');
});

it('does not write a small p-value as zero', () => {
  expect(pValue(0.0004)).toBe('< 0.001');
  expect(pValue(1)).toBe('1.000');
});

it('writes an interval of a difference', () => {
  expect(differenceInterval({ low: -0.012, high: 0.044 })).toBe(`−1.2 to +4.4${NBSP}points`);
});
