import fc from 'fast-check';
import { renderUnit, word } from './unit';

const unit = { name: 'x.service', Unit: { Description: 'x' } } as const;

test('a line break in a value is refused, for the next line would be a directive that nobody meant', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('\n', '\r'), fc.string(), (before, end, after) => {
      const text = before + end + after;
      expect(() => renderUnit({ ...unit, Service: { Environment: ['A=1', text] } })).toThrow(
        `x.service: Environment: ${JSON.stringify(text)}; allowed: one line`,
      );
    }),
  );
});

test('sections in their order, a line for each item, yes and no', () => {
  expect(
    renderUnit({ ...unit, Service: { Environment: ['A=1', 'B=2'], PrivateTmp: true, ProtectClock: false } }),
  ).toBe(
    '[Unit]\nDescription=x\n\n[Service]\nEnvironment=A=1\nEnvironment=B=2\nPrivateTmp=yes\nProtectClock=no\n',
  );
});

test('a word is taken back as it was, by the rules of systemd.syntax(7) and systemd.unit(5)', () => {
  const read = (quoted: string): string =>
    quoted
      .slice(1, -1)
      .replaceAll('%%', '%')
      .replaceAll('$$', '$')
      .replaceAll(/\\(["\\])/g, '$1');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a "\\$%{}\'') }), (text) => {
      expect(read(word(text))).toBe(text);
      // No specifier, no variable, and the quote is closed at the end only.
      expect(word(text)).toMatch(/^"([^"\\$%]|\\["\\]|\$\$|%%)*"$/);
    }),
  );
});
