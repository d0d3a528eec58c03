import fc from 'fast-check';
import { insideAddress, parseWords, stringifyWords } from './search';

test('an address reads as people write it', () => {
  expect(stringifyWords({ runs: 'dev-a,dev-b', intersect: true, q: undefined, tab: '' })).toBe(
    '?runs=dev-a,dev-b&intersect=true',
  );
  expect(stringifyWords({ model: 'llama3.2:3b & more' })).toBe('?model=llama3.2:3b+%26+more');
  expect(stringifyWords({})).toBe('');
});

test('what is written is read back, whatever the words hold', () => {
  const words = fc.dictionary(
    fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => name !== '__proto__'),
    fc.string({ unit: 'grapheme', minLength: 1 }),
  );
  fc.assert(
    fc.property(words, (value) => {
      expect(parseWords(stringifyWords(value))).toEqual({ ...value });
    }),
  );
});

test.each([
  ['/runs?state=FAILED', '/runs?state=FAILED'],
  [undefined, '/'],
  ['', '/'],
  ['runs', '/'],
  ['//elsewhere.example/', '/'],
  ['/\\elsewhere.example/', '/'],
  ['/\t/elsewhere.example/', '/'],
  ['https://elsewhere.example/', '/'],
  ['javascript:alert(1)', '/'],
])('after sign-in, %p leads to %p', (next, to) => {
  expect(insideAddress(next)).toBe(to);
});
