/** The samples of a run. */
import { samplePage, sampleQuery, type SampleQuery } from '../../../api/sample';
import type { Store } from '../database';
import { addCompleteRun, addPrompt, addSamples, scenarioAt } from '../filled';
import { samplePageOf } from '../samples';

export function samplesContract(store: () => Store): void {
  const samples = (runId: string, query: Partial<SampleQuery> = {}) =>
    samplePageOf(store().db, runId, sampleQuery.parse(query));
  const indexesOf = async (runId: string, query: Partial<SampleQuery> = {}) =>
    (await samples(runId, query)).items.map(({ index }) => index);

  beforeEach(() => addCompleteRun(store().db, 'dev-a'));

  test('a run without samples has an empty page', async () => {
    expect(await samples('dev-a', { q: 'word' })).toEqual({ items: [], nextCursor: null, total: 0 });
  });

  test('they are what the API says, with and without a prompt', async () => {
    await addPrompt(store().db);
    await addSamples(store().db, 'dev-a', '+-?!', (i) => (i === 1 ? { prompt_sha256: 'f'.repeat(64) } : {}));
    const page = samplePage.parse(await samples('dev-a'));
    expect(page.items.map(({ judgement, prompt }) => [judgement.outcome, prompt !== null])).toEqual([
      ['correct', true],
      ['wrong', false],
      ['unknown', true],
      ['error', true],
    ]);
  });

  test('filters and pages agree on the total', async () => {
    await addSamples(store().db, 'dev-a', '+-?!+-?!', (i) => (i > 3 ? { category: 'justice' } : {}));
    await addSamples(store().db, 'dev-a', '-', () => ({ pass: 'rescored' }));
    expect(await indexesOf('dev-a', { outcome: 'wrong,unknown' })).toEqual([1, 2, 5, 6]);
    expect(await indexesOf('dev-a', { outcome: 'wrong', category: 'justice' })).toEqual([5]);
    expect(await indexesOf('dev-a', { pass: 'rescored' })).toEqual([0]);
    const first = await samples('dev-a', { limit: 5 });
    expect(first.total).toBe(8);
    const rest = await samples('dev-a', { limit: 5, cursor: first.nextCursor! });
    expect(rest.items.map(({ index }) => index)).toEqual([5, 6, 7]);
    expect(rest).toMatchObject({ nextCursor: null, total: 8 });
  });

  test('words are looked for in the prompt, the answer and the id, as they are written', async () => {
    const tricky = await addPrompt(store().db, 'She said "100%"\nand LEFT_early \\ Ünder <b>');
    await addPrompt(store().db);
    await addSamples(store().db, 'dev-a', '+-+', (i) =>
      i === 1 ? { prompt_sha256: tricky } : i === 2 ? { answer: "it's 'mine'; --" } : {},
    );
    expect(await indexesOf('dev-a', { q: 'said "100%"' })).toEqual([1]);
    expect(await indexesOf('dev-a', { q: 'ünder  left_EARLY' })).toEqual([1]);
    expect(await indexesOf('dev-a', { q: '\\' })).toEqual([1]);
    expect(await indexesOf('dev-a', { q: '_early' })).toEqual([1]);
    expect(await indexesOf('dev-a', { q: "'mine';" })).toEqual([2]);
    expect(await indexesOf('dev-a', { q: scenarioAt(2) })).toEqual([2]);
    expect(await indexesOf('dev-a', { q: 'clerk change' })).toEqual([0, 2]);
    // What stands in the JSON only, and words of two different samples.
    expect(await indexesOf('dev-a', { q: 'content' })).toEqual([]);
    expect(await indexesOf('dev-a', { q: 'nand' })).toEqual([]);
    expect(await indexesOf('dev-a', { q: 'clerk 100%' })).toEqual([]);
  });

  test('more of them than one statement may name are searched too', async () => {
    await addPrompt(store().db);
    await addSamples(store().db, 'dev-a', '+'.repeat(1201));
    expect(await samples('dev-a', { q: 'MATCHES 1200' })).toMatchObject({
      items: [{ index: 1200 }],
      total: 1,
    });
    const page = await samples('dev-a', { q: 'matches', limit: 200 });
    expect(page).toMatchObject({ total: 1201 });
  });
}
