import fc from 'fast-check';
import { highlight } from './highlight';

it('finds the words, whatever their case', () => {
  expect(highlight('Ada told the clerk', 'TOLD ada')).toEqual([
    { text: 'Ada', found: true },
    { text: ' ', found: false },
    { text: 'told', found: true },
    { text: ' the clerk', found: false },
  ]);
});

it('loses nothing of any text, whatever is looked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, query) => {
      expect(
        highlight(text, query)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }),
  );
});

it('takes signs as they are', () => {
  expect(highlight('a.b (c', '.b (')).toContainEqual({ text: '(', found: true });
  expect(highlight('axb', '.')).toEqual([{ text: 'axb', found: false }]);
  expect(highlight('', 'x')).toEqual([]);
});
