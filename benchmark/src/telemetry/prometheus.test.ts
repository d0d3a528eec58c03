import fc from 'fast-check';
import { parsePrometheus } from './prometheus';

const samplesOf = (page: string, name = 'm') =>
  (parsePrometheus(page, new Set([name])).get(name) ?? []).map(({ labels, value }) => [
    Object.fromEntries(labels),
    value,
  ]);

describe('a line that is none of the format is left out', () => {
  test.each([
    'm',
    'm ',
    'm{} ',
    'm one',
    'm 0x10',
    'm{a="1" 2',
    'm{a=1} 2',
    'm{a="1"b="2"} 3',
    'm{a="1",,} 3',
    'm{="1"} 3',
    'm 1 2 3',
    'm 1 now',
    '# TYPE m gauge',
    'mm 1',
    ' m 1',
    `m{a="${'x'.repeat(20_000)}"} 1`,
  ])('%j', (line) => {
    expect(samplesOf(`m 7\n${line}\nm 8`)).toEqual([
      [{}, 7],
      [{}, 8],
    ]);
  });
});

test('labels, time stamps, blanks, escapes and every kind of number are read', () => {
  const page = [
    '# HELP m Of the documentation.',
    'm{a="1",b="x, y = {z}",} 1.5 1395066363000',
    'm { a = "quote \\" backslash \\\\ line \\n other \\t" } -2e+3\r',
    'm{}\t.5',
    'm +Inf',
    'm{a=""} NaN',
  ].join('\n');
  expect(samplesOf(page)).toEqual([
    [{ a: '1', b: 'x, y = {z}' }, 1.5],
    [{ a: 'quote " backslash \\ line \n other \\t' }, -2_000],
    [{}, 0.5],
    [{}, Number.POSITIVE_INFINITY],
    [{ a: '' }, Number.NaN],
  ]);
});

test('names with colons, and only those that are wanted', () => {
  const page = 'vllm:a{x="1"} 3\nvllm:a_total 4\nvllm 5\n';
  expect([...parsePrometheus(page, new Set(['vllm:a', 'absent'])).keys()]).toEqual(['vllm:a']);
});

const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
const anySample = fc.record({
  labels: fc.dictionary(labelName, fc.string({ unit: 'grapheme', maxLength: 12 }), { noNullPrototype: true }),
  value: fc.double({ noNaN: true }),
  stamp: fc.option(fc.nat()),
});

/** As the format's description says it is written. */
const written = ({
  labels,
  value,
  stamp,
}: typeof anySample extends fc.Arbitrary<infer S> ? S : never): string => {
  const escaped = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`);
  const number = Number.isFinite(value) ? String(value || 0) : value > 0 ? '+Inf' : '-Inf';
  return `m${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${number}${stamp === null ? '' : ` ${stamp}`}`;
};

test('what is written by the format is read as it was', () => {
  fc.assert(
    fc.property(fc.array(anySample, { maxLength: 8 }), (samples) => {
      const page = `# TYPE m gauge\n${samples.map(written).join('\nother 1\n')}\n`;
      expect(samplesOf(page)).toEqual(samples.map(({ labels, value }) => [labels, value || 0]));
    }),
    { numRuns: 2_000 },
  );
});

test('no page breaks it, however it is torn: 100,000 pages', () => {
  const piece = fc.constantFrom(
    'm',
    '{',
    '}',
    '"',
    '\\',
    ',',
    '=',
    ' ',
    '\n',
    'a',
    '1',
    'NaN',
    '#',
    '\r',
    '}}}}',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      for (const [, value] of samplesOf(pieces.join(''))) expect(typeof value).toBe('number');
    }),
    { numRuns: 100_000 },
  );
});
