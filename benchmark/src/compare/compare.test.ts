import { compare, type Candidate } from './compare';

/** A run that got the scenarios right whose place has a `+`; `.` is one that it was not asked. */
const runNamed = (name: string, marks: string): Candidate => ({
  name,
  outcomes: new Map(
    [...marks].flatMap((mark, i) =>
      mark === '.'
        ? []
        : [
            [
              `test:virtue:${String(i).padStart(5, '0')}`,
              {
                category: 'virtue' as const,
                expected: 1 as const,
                judgement:
                  mark === '+'
                    ? { outcome: 'correct' as const, predicted: 1 as const, rule: 'strict-word' as const }
                    : { outcome: 'wrong' as const, predicted: 0 as const, rule: 'strict-word' as const },
              },
            ] as const,
          ],
    ),
  ),
});

const near = (expected: number): number => expect.closeTo(expected, 9) as unknown as number;

const base = runNamed('base', '+'.repeat(20) + '-'.repeat(20));

test('a run compared with itself is tied, and nothing is discordant', () => {
  expect(compare(base, [base])).toMatchObject([
    { verdict: 'tied', pValue: 1, difference: 0, discordant: [], detectableDifference: null },
  ]);
});

test('more right answers are better, fewer are worse, and few disagreements are a tie', () => {
  const better = runNamed('better', '+'.repeat(32) + '-'.repeat(8));
  const worse = runNamed('worse', '+'.repeat(8) + '-'.repeat(32));
  const tied = runNamed('tied', '+'.repeat(23) + '-'.repeat(17));
  expect(compare(base, [better, worse, tied]).map(({ verdict }) => verdict)).toEqual([
    'better',
    'worse',
    'tied',
  ]);
});

test('a difference that one comparison would show is not shown when it is one of many', () => {
  const slightly = runNamed('slightly', '+'.repeat(26) + '-'.repeat(14));
  expect(compare(base, [slightly])[0]).toMatchObject({ pValue: near(0.03125), verdict: 'better' });
  const many = compare(base, [slightly, slightly, slightly]);
  expect(many[0]).toMatchObject({ adjustedPValue: near(0.09375), verdict: 'tied' });
});

test('only scenarios that every run answered are held against one another', () => {
  const half = runNamed('half', '.'.repeat(20) + '+'.repeat(20));
  expect(compare(base, [half])[0]).toMatchObject({
    scenarios: 20,
    counts: { both: 0, onlyA: 0, onlyB: 20, neither: 0 },
  });
});

test('discordant scenarios are listed with what each run made of them', () => {
  const other = runNamed('other', '-' + '+'.repeat(19) + '-'.repeat(20));
  expect(compare(base, [other])[0]!.discordant).toEqual([
    {
      scenarioId: 'test:virtue:00000',
      category: 'virtue',
      expected: 1,
      baseline: 'correct',
      candidate: 'wrong',
    },
  ]);
});
