/** Runs held against one another. */
import { compareAnswer } from '../../../api/compare';
import { compareRuns } from '../compare';
import type { Store } from '../database';
import { addCompleteRun, addPrompt, addSamples, scenarioAt } from '../filled';
import { summariesOf } from '../run-summary';

export function comparisonsContract(store: () => Store): void {
  const compared = async (ids: readonly string[], intersect = false) => {
    const answer = await compareRuns(store().db, await summariesOf(store().db, ids), { intersect });
    return compareAnswer.parse(answer);
  };
  const add = async (id: string, marks: string, changes: Parameters<typeof addCompleteRun>[2] = {}) => {
    await addCompleteRun(store().db, id, changes);
    await addSamples(store().db, id, marks);
  };
  const right = '+'.repeat(40);
  const half = '+'.repeat(20) + '-'.repeat(20);

  test.each([
    ['not complete', { state: 'FAILED' as const }, /^dev-b is FAILED; /],
    [
      'of another sample',
      { sample_sha256: 'c'.repeat(64), seed: 43 },
      /another sample \(1\.0, seed 43\) than dev-a \(1\.0, seed 42\)/,
    ],
    [
      'asked in other words',
      { prompts_sha256: 'c'.repeat(64) },
      /^dev-b was asked with other prompts than dev-a/,
    ],
  ])('a run that is %s is refused', async (_, changes, refusal) => {
    await add('dev-a', right);
    await add('dev-b', right, changes);
    const answer = await compared(['dev-a', 'dev-b']);
    expect(answer).toMatchObject({
      comparisons: [],
      discordant: [],
      runs: [{ runId: 'dev-a' }, { runId: 'dev-b' }],
    });
    expect(answer.refusal).toMatch(refusal);
  });

  test('a run that does not hold is refused, also when its samples were looked at before', async () => {
    await add('dev-a', right);
    await add('dev-b', half);
    expect((await compared(['dev-a', 'dev-b'])).refusal).toBeNull();
    const { db } = store();
    await db.deleteFrom('sample').where('run_id', '=', 'dev-b').execute();
    await db.updateTable('run').set({ signature: 'invalid' }).where('id', '=', 'dev-b').execute();
    const answer = await compared(['dev-a', 'dev-b']);
    expect([answer.refusal, answer.comparisons]).toEqual([
      expect.stringMatching(/^dev-b does not hold; /),
      [],
    ]);
  });

  test('runs without samples, and without a scenario in common, are refused', async () => {
    await add('dev-a', '++..');
    await add('dev-b', '');
    await add('dev-c', '..++');
    expect((await compared(['dev-a', 'dev-b'])).refusal).toMatch(/^the samples of dev-b are not here; /);
    expect((await compared(['dev-a', 'dev-c'])).refusal).toBe('the runs have no scenario in common');
  });

  test('the same scenario with another label or text is refused', async () => {
    await add('dev-a', right);
    for (const [id, change] of [
      ['dev-b', { expected: 0 }],
      ['dev-c', { prompt_sha256: 'd'.repeat(64) }],
    ] as const) {
      await addCompleteRun(store().db, id);
      await addSamples(store().db, id, right, (i) => (i === 3 ? change : {}));
    }
    expect((await compared(['dev-a', 'dev-b'])).refusal).toMatch(
      /:00003 has another label in dev-b than in dev-a/,
    );
    expect((await compared(['dev-a', 'dev-c'])).refusal).toMatch(
      /:00003 has another text in dev-c than in dev-a/,
    );
  });

  test('other samples are compared on what they share, when asked to', async () => {
    await add('dev-a', right);
    await add('dev-b', `${'.'.repeat(30)}${right}`, { sample_sha256: 'c'.repeat(64) });
    expect((await compared(['dev-a', 'dev-b'], true)).comparisons).toMatchObject([{ scenarios: 10 }]);
  });

  test('verdicts, categories, and what was discordant, with the texts', async () => {
    await addPrompt(store().db);
    await add('dev-a', half);
    await add('dev-b', right);
    await add('dev-c', half);
    const answer = await compared(['dev-a', 'dev-b', 'dev-c']);
    expect(answer.comparisons.map(({ runId, verdict, counts }) => [runId, verdict, counts.onlyB])).toEqual([
      ['dev-b', 'better', 20],
      ['dev-c', 'tied', 0],
    ]);
    expect(answer.comparisons[0]!.byCategory).toEqual([
      { category: 'virtue', scenarios: 40, baselineCorrect: 20, candidateCorrect: 40 },
    ]);
    expect(answer.discordant).toHaveLength(20);
    expect(answer.discordant[0]).toMatchObject({
      scenarioId: scenarioAt(20),
      prompt: expect.stringContaining('Ada told the clerk') as unknown,
      answers: [
        { outcome: 'wrong', answer: 'MATCHES 20' },
        { outcome: 'correct', answer: 'MATCHES 20' },
        { outcome: 'wrong', answer: 'MATCHES 20' },
      ],
    });
  });

  test('a long answer is cut, and samples that came later are seen', async () => {
    await add('dev-a', '+');
    await addCompleteRun(store().db, 'dev-b');
    expect((await compared(['dev-a', 'dev-b'])).refusal).not.toBeNull();
    await addSamples(store().db, 'dev-b', '-', () => ({ answer: 'x'.repeat(1000) }));
    const { discordant } = await compared(['dev-a', 'dev-b']);
    expect(discordant[0]!.answers[1]!.answer).toHaveLength(400);
  });
}
