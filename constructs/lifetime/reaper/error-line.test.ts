import { errorLine } from './error-line';

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

test.each([
  ['keeps the name that the message leaves out', named('NoSuchBucket', 'gone'), 'NoSuchBucket: gone'],
  ['does not say the name twice', named('NotFound', 'NotFound'), 'NotFound'],
  ['does not say Error', new Error('no such thing'), 'no such thing'],
  ['takes the first line only', named('Weird', 'one\ntwo'), 'Weird: one'],
  ['says the name where there is no message', named('UnknownError', ''), 'UnknownError'],
  ['takes what is no error as it is', 'plain', 'plain'],
])('%s', (_title, error, line) => expect(errorLine(error)).toBe(line));
