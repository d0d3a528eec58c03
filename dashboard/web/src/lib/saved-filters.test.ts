import fc from 'fast-check';
import { parseSavedFilters, withFilter, withoutFilter } from './saved-filters';

test('whatever is stored, what is read are filters', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const { name, query } of parseSavedFilters(text))
        expect([typeof name, typeof query]).toEqual(['string', 'string']);
    }),
  );
  expect(parseSavedFilters(null)).toEqual([]);
  expect(parseSavedFilters('[{"name":"Failed","query":"state=FAILED"},{"name":""},7]')).toEqual([
    { name: 'Failed', query: 'state=FAILED' },
  ]);
});

test('a name has one filter: the last that it was given', () => {
  const filters = withFilter(withFilter(withFilter([], 'b', 'q=1'), 'a', 'q=2'), ' b ', 'q=3');
  expect(filters).toEqual([
    { name: 'a', query: 'q=2' },
    { name: 'b', query: 'q=3' },
  ]);
  expect(withoutFilter(filters, 'a')).toEqual([{ name: 'b', query: 'q=3' }]);
});

test('a filter without a name is not kept', () => {
  expect(withFilter([], '  ', 'q=1')).toEqual([]);
});
