import { entriesOf, isGranted } from './recording';

const entry = (body: string) =>
  JSON.stringify({ headers: {}, method: 'POST', url: 'http://localhost/', body, body_encoded: false })
    // The emulator is written in Python, whose JSON has a blank after a colon.
    .replaceAll(/(?<!\\)":/g, '": ');

const bodies = (recording: string) => entriesOf(recording).map(({ body }) => body);

test('a recording has one entry a line', () => {
  expect(bodies(`${entry('Action=RunInstances')}\n${entry('')}\n`)).toEqual(['Action=RunInstances', '']);
});

test('entries that two threads wrote onto one line are told apart, and the blank line is passed over', () => {
  expect(bodies(`${entry('first')}${entry('second')}\n\n${entry('third')}\n`)).toEqual([
    'first',
    'second',
    'third',
  ]);
});

test('a body that looks like the seam between two entries stays whole', () => {
  expect(bodies(`${entry('}{"headers": {}}')}\n`)).toEqual(['}{"headers": {}}']);
});

test('a recording that is cut off is an error, not a shorter list', () => {
  expect(() => entriesOf(`${entry('first')}\n${entry('second').slice(0, -1)}`)).toThrow(SyntaxError);
});

test('what a policy allows is told by pattern, whatever the case; what it denies is not allowed', () => {
  const policy = JSON.stringify({
    Statement: [
      { Effect: 'Allow', Action: ['ec2:Describe*'] },
      { Effect: 'Deny', Action: ['ec2:RunInstances'] },
    ],
  });
  expect(isGranted(policy, 'ec2:describeInstances')).toBe(true);
  expect(isGranted(policy, 'ec2:RunInstances')).toBe(false);
});
