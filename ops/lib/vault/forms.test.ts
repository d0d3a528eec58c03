import fc from 'fast-check';
import { emptyOf, inForm, same, type Form } from './forms';

const equal: readonly (readonly [Form, unknown, unknown])[] = [
  ['seconds', 300, '300s'],
  ['seconds', '5m', '300'],
  ['seconds', '1h30m', 5400],
  ['seconds', undefined, 0],
  ['set', ['b', 'a', 'a'], 'a, b'],
  ['set', null, []],
  ['cidrs', ['10.0.0.1/32', '10.1.0.0/16'], ['10.1.0.0/16', '10.0.0.1']],
  ['claims', { ref: 'a,b', sub: ['c'] }, { sub: 'c', ref: ['b', 'a'] }],
  ['map', { b: 1, a: true }, { a: 'true', b: '1' }],
  ['flag', 'true', true],
  ['flag', null, false],
  ['text', ' policy\n', 'policy'],
  ['number', '3', 3],
];

test.each(equal)('as %s, %j is %j', (form, a, b) => {
  expect(same(inForm(form, a), inForm(form, b))).toBe(true);
});

const different: readonly (readonly [Form, unknown, unknown])[] = [
  ['list', ['a', 'b'], ['b', 'a']],
  ['set', ['a'], ['a', 'b']],
  ['claims', { ref: 'a' }, { ref: 'a,b' }],
  ['cidrs', ['10.0.0.1/32'], ['10.0.0.1/31']],
  ['seconds', '1h', '1m'],
];

test.each(different)('as %s, %j is not %j', (form, a, b) => {
  expect(same(inForm(form, a), inForm(form, b))).toBe(false);
});

test('what is no duration is refused', () => {
  for (const text of ['', 'soon', '5d', '-1', '1.5h'])
    expect(() => inForm('seconds', text)).toThrow(
      `not a duration: '${text}'; allowed: such as 300, 5m, 1h30m`,
    );
});

test('whatever is in a form stays as it is when it is brought to it again', () => {
  const texts = fc.array(fc.string({ minLength: 1 }).filter((text) => !text.includes(',')));
  const values: Readonly<Record<Form, fc.Arbitrary<unknown>>> = {
    text: fc.string(),
    number: fc.nat(),
    flag: fc.boolean(),
    seconds: fc.oneof(
      fc.nat(),
      fc.nat({ max: 999 }).map((n) => `${n}h${n}s`),
    ),
    set: texts,
    cidrs: fc.array(fc.ipV4().map((ip) => `${ip}/32`)),
    list: texts,
    map: fc.dictionary(fc.string(), fc.string()),
    claims: fc.dictionary(fc.string(), texts),
  };
  for (const form of Object.keys(values) as Form[])
    fc.assert(
      fc.property(fc.option(values[form]), (value) => {
        const once = inForm(form, value);
        expect(inForm(form, once)).toEqual(once);
        if (value === null) expect(once).toEqual(emptyOf(form));
      }),
    );
});
