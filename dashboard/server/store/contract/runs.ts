/** Lists of runs, one run, its events. */
import { exampleEvents } from '@he300/benchmark/contract/examples';
import { runDetail, runEventPage, runPage, runQuery, type RunQuery } from '../../../api/run';
import type { Store } from '../database';
import { addCompleteRun, addEvents, addSamples, minute, pendingRun, runningRun } from '../filled';
import { runDetailOf } from '../run-detail';
import { runEventPageOf } from '../run-events';
import { runPageOf } from '../runs';

export function runsContract(store: () => Store): void {
  const runs = (query: Partial<RunQuery> = {}) => runPageOf(store().db, runQuery.parse(query));
  const idsOf = async (query: Partial<RunQuery> = {}) => (await runs(query)).items.map(({ runId }) => runId);
  /** All ids, page by page; `between` is called after each page. */
  async function walk(query: Partial<RunQuery>, between = async () => undefined as void): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await runs({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      ids.push(...page.items.map(({ runId }) => runId));
      cursor = page.nextCursor;
      await between();
    }
    return ids;
  }

  test.each([
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('nothing').toString('base64url')],
    ['no list', Buffer.from('{"a":1}').toString('base64url')],
    ['another list', Buffer.from('["events",1,"a"]').toString('base64url')],
    ['another order', Buffer.from('["runs createdAt","2026",""]').toString('base64url')],
    ['a number for a time', Buffer.from('["runs -createdAt",1,"dev-a"]').toString('base64url')],
    ['too little', Buffer.from('["runs -createdAt"]').toString('base64url')],
    ['a NUL', Buffer.from('["runs -createdAt","\\u0000","dev-a"]').toString('base64url')],
  ])('a cursor that is %s is refused', async (_, cursor) => {
    await expect(runs({ cursor })).rejects.toThrow(/^cursor does not belong to this list; allowed: /);
  });

  test('an empty store has an empty page', async () => {
    expect(await runs()).toEqual({ items: [], nextCursor: null });
    expect(await runDetailOf(store().db, 'dev-a')).toBeUndefined();
  });

  test('what has no value comes last, up and down, and pages of any size show each run once', async () => {
    for (const [id, accuracy] of [
      ['dev-b', 0.5],
      ['dev-a', 0.5],
      ['dev-c', 0.9],
      ['dev-d', 0.1],
    ] as const)
      await addCompleteRun(store().db, id, { accuracy });
    for (const id of ['dev-z', 'dev-y', 'dev-x'])
      await store().db.insertInto('run').values(pendingRun(id)).execute();
    const up = ['dev-d', 'dev-a', 'dev-b', 'dev-c', 'dev-x', 'dev-y', 'dev-z'];
    const down = ['dev-c', 'dev-b', 'dev-a', 'dev-d', 'dev-z', 'dev-y', 'dev-x'];
    for (const limit of [1, 2, 3, 4, 7, 50]) {
      expect(await walk({ sort: 'accuracy', limit })).toEqual(up);
      expect(await walk({ sort: '-accuracy', limit })).toEqual(down);
    }
  });

  test('text is sorted by code points, whatever the language of the database', async () => {
    for (const [i, model] of ['a', 'B', 'ä', 'A b', 'Ab'].entries())
      await addCompleteRun(store().db, `dev-${i}`, { model });
    expect((await runs({ sort: 'model' })).items.map(({ model }) => model)).toEqual([
      'A b',
      'Ab',
      'B',
      'a',
      'ä',
    ]);
  });

  test('new runs move no page', async () => {
    for (let i = 0; i < 7; i++)
      await store()
        .db.insertInto('run')
        .values(pendingRun(`dev-${i}`, { created_at: minute(i) }))
        .execute();
    let newer = 100;
    const seen = await walk({ limit: 2 }, async () => {
      const run = pendingRun(`dev-${newer}`, { created_at: minute(newer++) });
      await store().db.insertInto('run').values(run).execute();
    });
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `dev-${i}`));
  });

  test('each filter leaves what it says', async () => {
    const { db } = store();
    await addCompleteRun(db, 'dev-a', { branch: 'main', pull_request: 7, seed: 1, created_at: minute(1) });
    await addCompleteRun(db, 'prod-b', {
      model: 'other',
      spec: '1.1',
      trigger_kind: 'schedule',
      created_at: minute(2),
    });
    await db
      .insertInto('run')
      .values(pendingRun('dev-c', { created_at: minute(3) }))
      .execute();
    await db
      .insertInto('run')
      .values(runningRun('dev-d', { created_at: minute(4) }))
      .execute();
    expect(await idsOf({ state: 'PENDING,RUNNING' })).toEqual(['dev-d', 'dev-c']);
    expect(await idsOf({ environment: 'prod' })).toEqual(['prod-b']);
    expect(await idsOf({ model: 'other' })).toEqual(['prod-b']);
    expect(await idsOf({ spec: '1.1' })).toEqual(['prod-b']);
    expect(await idsOf({ seed: 1 })).toEqual(['dev-a']);
    expect(await idsOf({ trigger: 'schedule' })).toEqual(['prod-b']);
    expect(await idsOf({ branch: 'main', pullRequest: 7 })).toEqual(['dev-a']);
    expect(await idsOf({ branch: 'main', pullRequest: 8 })).toEqual([]);
    expect(await idsOf({ from: minute(2), to: minute(4) })).toEqual(['dev-c', 'prod-b']);
  });

  test('a part of a name is found as it is written: no character is a wildcard', async () => {
    const names = ['100%_sure', 'it\'s \\ "quoted"', '100 or sure', "'; drop table run; --"];
    for (const [i, model] of names.entries()) await addCompleteRun(store().db, `dev-${i}`, { model });
    expect(await idsOf({ q: '%' })).toEqual(['dev-0']);
    expect(await idsOf({ q: '0%_S' })).toEqual(['dev-0']);
    expect(await idsOf({ q: '_' })).toEqual(['dev-0']);
    expect(await idsOf({ q: '\\' })).toEqual(['dev-1']);
    expect(await idsOf({ q: "'; DROP TABLE run" })).toEqual(['dev-3']);
    expect(await idsOf({ q: '"' })).toEqual(['dev-1']);
    expect(await idsOf({ q: 'DEV-2' })).toEqual(['dev-2']);
    expect(await idsOf({ model: '%' })).toEqual([]);
  });

  test('every kind of run is what the API says', async () => {
    const { db } = store();
    await addCompleteRun(db, 'dev-a');
    await addSamples(db, 'dev-a', '+-');
    await db
      .insertInto('run')
      .values([pendingRun('dev-b'), runningRun('dev-c')])
      .execute();
    const ends = { 'dev-d': exampleEvents['run.failed'], 'dev-e': exampleEvents['run.cancelled'] };
    for (const [id, event] of Object.entries(ends))
      await db
        .insertInto('run')
        .values(runningRun(id, { ended: JSON.stringify(event) }))
        .execute();
    expect(runPage.parse(await runs()).items).toHaveLength(5);
    const [complete, pending, running, failed, cancelled] = await Promise.all(
      ['dev-a', 'dev-b', 'dev-c', 'dev-d', 'dev-e'].map(async (id) =>
        runDetail.parse(await runDetailOf(db, id)),
      ),
    );
    expect(complete).toMatchObject({
      sampleCount: 2,
      categories: [{ category: 'virtue', scenarios: 300 }],
      failure: null,
    });
    expect(complete!.phases).toEqual([
      { phase: 'preflight', from: minute(0), to: minute(1) },
      { phase: 'run', from: minute(1), to: minute(10) },
    ]);
    expect(pending).toMatchObject({
      model: null,
      outcome: null,
      progress: null,
      results: null,
      suite: null,
    });
    expect(running).toMatchObject({ progress: { phase: 'run', done: 100, correct: 80 }, outcome: null });
    expect(running!.phases.at(-1)).toEqual({ phase: 'run', from: minute(1), to: null });
    expect(failed!.failure).toMatchObject({ phase: 'model-server', interrupted: false });
    expect(cancelled!.cancellation).toEqual({ by: 'somebody', reason: 'wrong model' });
  });

  test('events come in their order, page by page, also those whose body is gone', async () => {
    const { db } = store();
    await db.insertInto('run').values(runningRun('dev-a')).execute();
    await addEvents(db, 'dev-a', [
      exampleEvents['run.started'],
      exampleEvents['run.progress'],
      exampleEvents['run.heartbeat'],
    ]);
    await db.updateTable('event').set({ body: null }).where('seq', '=', 1).execute();
    const first = runEventPage.parse(await runEventPageOf(db, 'dev-a', { limit: 2 }));
    expect(first.items.map(({ seq, body }) => [seq, body !== null])).toEqual([
      [0, true],
      [1, false],
    ]);
    const rest = await runEventPageOf(db, 'dev-a', { limit: 2, cursor: first.nextCursor! });
    expect(rest).toMatchObject({ items: [{ seq: 2, type: 'run.heartbeat' }], nextCursor: null });
    const cursor = Buffer.from('["samples",1]').toString('base64url');
    await expect(runEventPageOf(db, 'dev-a', { limit: 2, cursor })).rejects.toThrow(/^cursor does not/);
  });
}
