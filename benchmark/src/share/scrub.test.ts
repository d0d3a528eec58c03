import fc from 'fast-check';
import { REMOVED, scrubber } from './scrub';

const scrub = scrubber(['alice', 'acme/secret', 'acme', 'i-0abc', 'x']);

test.each([
  ['connect ECONNREFUSED 10.0.3.7:11434', `connect ECONNREFUSED ${REMOVED}`],
  ['connect ECONNREFUSED ::1:11434', `connect ECONNREFUSED ${REMOVED}`],
  ['at [fe80::1ff:fe23:4567:890a]:8000 now', `at ${REMOVED} now`],
  ['asked http://gpu7.corp.example:8000/v1?key=1 in vain', `asked ${REMOVED} in vain`],
  ['no /home/alice/models/x.gguf here', `no ${REMOVED} here`],
  ['no ~/models/x here', `no ${REMOVED} here`],
  ['no C:\\Users\\alice\\x here', `no ${REMOVED} here`],
  ['mail bob@corp.example', `mail ${REMOVED}`],
  ['gpu7.corp.internal is slow', `${REMOVED} is slow`],
  ['ALICE ran acme/secret on i-0abc', `${REMOVED} ran ${REMOVED} on ${REMOVED}`],
])('%s', (text, expected) => {
  expect(scrub(text)).toBe(expected);
});

test.each([
  'ollama 0.6.5',
  '16 slots; by the curve up to them, twice as many would bring 31 % more',
  'the runner used 0.12 of one core, and its event loop was 1.2 ms late at most',
  'throughput still grew at 64 in flight: 4,390.5 tokens/s, p99.9 0.3 ms',
  'GPU 0: clocks held down in 10 % of the time: sw-power-cap',
  'doubled from 4',
])('what we say ourselves stays: %s', (text) => {
  expect(scrub(text)).toBe(text);
});

test('a name goes wherever it stands and whatever characters it has', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 3, maxLength: 20 }),
      fc.string(),
      fc.string(),
      (name, before, after) => {
        fc.pre(!REMOVED.toLowerCase().includes(name.toLowerCase()));
        const left = scrubber([name])(`${before}${name}${after}`);
        // What is put in may, with its neighbours, spell the name anew: `aa` out of `a[aa]a` is nobody's.
        expect(left.split(REMOVED).some((part) => part.toLowerCase().includes(name.toLowerCase()))).toBe(
          false,
        );
      },
    ),
  );
});
