import fc from 'fast-check';
import { ago, amount, bytes, duration, interval, percent, plural, points, signed, usd } from './format';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('proportions are percentages with one digit, an interval without its unit twice', () => {
  expect(plain(percent(0.8133))).toBe('81.3 %');
  expect(plain(interval({ low: 0.7655, high: 0.8532 }))).toBe('76.6–85.3 %');
});

test.each([
  [0.027, '+2.7 points'],
  [-0.1, '−10.0 points'],
  [-0.0004, '0.0 points'],
])('a difference of %d is %s', (difference, text) => {
  expect(plain(points(difference))).toBe(text);
});

test('a sign stands only before what is not zero as it is shown', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
      const text = signed(value, 1);
      expect(/^[+−]/.test(text)).toBe(Number(text.replace(/^[+−]/, '').replaceAll(',', '')) !== 0);
    }),
  );
});

test.each([
  [0, '0'],
  [0.001234, '0.00123'],
  [12.345, '12.3'],
  [1234.5, '1,235'],
])('the amount %d is %s', (value, text) => {
  expect(amount(value)).toBe(text);
});

test.each([
  [0, '$0.00'],
  [0.0042, '$0.0042'],
  [0.21, '$0.210'],
  [3.456, '$3.46'],
])('%d dollars are %s', (value, text) => {
  expect(usd(value)).toBe(text);
});

test.each([
  [0.25, '250 ms'],
  [9.9, '9.9 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [3599.7, '1 h 0 min'],
  [90_000, '1 d 1 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(plain(duration(seconds))).toBe(text);
});

describe('how long ago', () => {
  const at = '2026-06-17T12:00:00.000Z';
  const later = (seconds: number) => plain(ago(at, Date.parse(at) + seconds * 1000));

  test.each([
    [3, 'just now'],
    [45, '45 s ago'],
    [119, '1 min ago'],
    [7200, '2 h ago'],
    [3 * 86_400, '3 d ago'],
    [-7200, 'in 2 h'],
  ])('after %d s: %s', (seconds, text) => {
    expect(later(seconds)).toBe(text);
  });

  test('after more than a week: its day', () => {
    expect(later(8 * 86_400)).toBe('2026-06-17');
  });
});

test('bytes, and one or many', () => {
  expect(plain(bytes(999))).toBe('999 B');
  expect(plain(bytes(1234))).toBe('1.23 kB');
  expect(plain(bytes(64e6))).toBe('64.0 MB');
  expect([plural(1, 'run'), plural(0, 'run'), plural(1200, 'run')]).toEqual([
    '1 run',
    '0 runs',
    '1,200 runs',
  ]);
});
