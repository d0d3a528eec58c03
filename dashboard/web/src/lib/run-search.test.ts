import fc from 'fast-check';
import { runQuery } from '../../../api/run';
import { changed, directionOf, filterCount, nextSort, parseRunSearch } from './run-search';
import { parseWords, stringifyWords } from './search';

test('filters and order are read from an address', () => {
  const words = parseWords(
    '?state=LOST,RUNNING&spec=1.0&seed=42&from=2026-06-17&pullRequest=7&sort=accuracy',
  );
  expect(parseRunSearch(words)).toEqual({
    state: 'RUNNING,LOST',
    spec: '1.0',
    seed: 42,
    from: '2026-06-17T00:00:00.000Z',
    pullRequest: 7,
    sort: 'accuracy',
  });
});

test('what makes no sense is dropped, and the default order is not written', () => {
  const words = parseWords(
    '?state=ASLEEP&spec=9&seed=-1&from=yesterday&pullRequest=0&trigger=magic&q=%20&sort=-createdAt&x=1',
  );
  expect(parseRunSearch(words)).toEqual({});
});

test('whatever an address holds, the API takes what is made of it, and the page reads it back', () => {
  const names = [
    'state',
    'environment',
    'model',
    'spec',
    'seed',
    'trigger',
    'branch',
    'pullRequest',
    'q',
    'from',
    'sort',
  ];
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'RUNNING,LOST',
      '1.1',
      '42',
      'push',
      '2026-06-17T12:00Z',
      '-accuracy',
      '\0 NUL',
      '99999999999',
      '😀'.repeat(130),
    ),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (words) => {
      const search = parseRunSearch(words);
      expect(runQuery.safeParse(search).error).toBeUndefined();
      expect(parseRunSearch(parseWords(stringifyWords(search)))).toEqual(search);
    }),
  );
});

test('a filter is changed and taken away', () => {
  expect(changed({ q: 'llama', spec: '1.0' }, { q: undefined, seed: 42 })).toEqual({ spec: '1.0', seed: 42 });
  expect(filterCount({ q: 'llama', sort: 'model' })).toBe(1);
});

test('a column’s head sorts its useful way first, then the other', () => {
  expect(nextSort({}, 'accuracy')).toBe('-accuracy');
  expect(nextSort({ sort: '-accuracy' }, 'accuracy')).toBe('accuracy');
  expect(nextSort({}, 'model')).toBe('model');
  expect(nextSort({}, 'createdAt')).toBe('createdAt');
  expect(nextSort({ sort: 'createdAt' }, 'createdAt')).toBeUndefined();
});

test('the column that is sorted by says so, also by default', () => {
  expect(directionOf({}, 'createdAt')).toBe('descending');
  expect(directionOf({ sort: 'model' }, 'model')).toBe('ascending');
  expect(directionOf({ sort: 'model' }, 'createdAt')).toBeUndefined();
});
