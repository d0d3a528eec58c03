import fc from 'fast-check';
import { EventStreamParser, NotUtf8 } from './event-stream';

function parsed(...chunks: readonly (string | Buffer)[]): string[] {
  const events: string[] = [];
  const parser = new EventStreamParser((data) => events.push(data));
  for (const chunk of chunks) parser.push(Buffer.from(chunk as string));
  return events;
}

describe('a stream that is not as it should be', () => {
  test('an event without its blank line never happened', () => {
    expect(parsed('data: 1\n\ndata: 2\n')).toEqual(['1']);
  });

  test('bytes that are not UTF-8 are an error, not replacement characters', () => {
    expect(() => parsed(Buffer.from([...Buffer.from('data: '), 0xc3, 0x28, 10]))).toThrow(NotUtf8);
  });

  test('comments, other fields and names that only begin like data are passed over', () => {
    expect(parsed(': hello\nevent: x\nid: 7\nretry: 10\ndatabase: 1\ndata\ndata:\ndata: y\n\n')).toEqual([
      '\n\ny',
    ]);
  });

  test('an event without data is none, one whose data is empty is', () => {
    expect(parsed('event: ping\n\ndata:\n\ndata: 1\n\n')).toEqual(['', '1']);
  });
});

test('line ends may be LF, CR LF or CR, and only one blank is taken off', () => {
  expect(parsed('\uFEFFdata:  a\r\ndata: b\r\rdata:c\n\n')).toEqual([' a\nb', 'c']);
});

/** The specification's own steps, line by line over the whole text: slow, and plain enough to be read beside it. */
function interpreted(text: string): string[] {
  const events: string[] = [];
  let data = '';
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const line of lines.slice(0, -1)) {
    if (line === '') {
      if (data !== '') events.push(data.slice(0, -1));
      data = '';
      continue;
    }
    const [, field, value] = /^([^:]*)(?::? ?(.*))?$/s.exec(line)!;
    if (field === 'data') data += `${value ?? ''}\n`;
  }
  return events;
}

test('100,000 streams give what the specification says, wherever they are cut', () => {
  const piece = fc.constantFrom(
    ...[
      'data',
      'data:',
      'data: ',
      'data:  ',
      'event: x',
      ':',
      ': c',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      '\r\r',
      '\r\n\r\n',
    ],
    ...['{"a":1}', 'ü', '€', '😀', ' ', 'x', '[DONE]', '\uFEFF', 'dat', 'd', 'id: 1', 'data: y\n\n'],
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 24 }),
      fc.array(fc.nat({ max: 120 }), { maxLength: 8 }),
      (pieces, cuts) => {
        const text = pieces.join('');
        const bytes = Buffer.from(text);
        const at = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length])].sort(
          (a, b) => a - b,
        );
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(parsed(...chunks)).toEqual(interpreted(text));
      },
    ),
    { numRuns: 100_000 },
  );
}, 120_000);

test('a stream cut after every single byte gives the same events', () => {
  const text = '\uFEFFdata: ä€😀\r\n\r\n: c\ndata: {"b": "\\n"}\rdata: 2\r\rdata: [DONE]\n\n';
  const bytes = Buffer.from(text);
  expect(parsed(...[...bytes].map((_, i) => bytes.subarray(i, i + 1)))).toEqual(interpreted(text));
  expect(interpreted(text)).toEqual(['ä€😀', '{"b": "\\n"}\n2', '[DONE]']);
});
