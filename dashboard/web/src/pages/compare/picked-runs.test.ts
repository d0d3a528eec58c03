import { asWords, pickedRuns, withBaseline } from './picked-runs';

it('reads the runs of an address, the baseline first', () => {
  expect(pickedRuns('dev-b,dev-a')).toEqual(['dev-b', 'dev-a']);
  expect(pickedRuns(' dev-a ,,dev-a')).toEqual(['dev-a']);
  expect(pickedRuns(undefined)).toEqual([]);
  expect(pickedRuns('1,2,3,4,5,6,7')).toHaveLength(6);
});

it('writes them back', () => {
  expect(asWords(['dev-b', 'dev-a'])).toBe('dev-b,dev-a');
  expect(asWords([])).toBeUndefined();
});

it('puts another run first', () => {
  expect(withBaseline(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b']);
});
