import { parse } from 'csv-parse/sync';
import { Readable } from 'node:stream';
import { compareAnswer } from '../../api/compare';
import { runDetail, runPage } from '../../api/run';
import { samplePage } from '../../api/sample';
import { telemetrySeries } from '../../api/telemetry';
import { ArtifactGone, type ArtifactStore } from '../receive/artifact-store';
import { addCompleteRun, addPrompt, addSamples, minute, pendingRun } from '../store/filled';
import { bearer, testServer, type TestServer } from '../test-services';

let server: TestServer;
const files: Record<string, string> = {};
beforeAll(async () => {
  const artifacts: Pick<ArtifactStore, 'get'> = {
    get: async (key) => {
      const file = files[key];
      if (file === undefined) throw new ArtifactGone(key);
      return Readable.from([Buffer.from(file)]);
    },
  };
  server = await testServer({ artifacts: artifacts as ArtifactStore });
});
afterEach(async () => {
  for (const table of ['run', 'prompt', 'model'] as const) await server.store.db.deleteFrom(table).execute();
});
afterAll(() => server.close());

const get = (path: string) => server.app.request(path, { headers: bearer(server.tokens.viewer) });
async function problem(path: string): Promise<readonly [number, string]> {
  const response = await get(path);
  return [response.status, ((await response.json()) as { error: string }).error];
}

test('a list goes on behind the longest name that a model may have', async () => {
  for (const id of ['dev-a', 'dev-b'])
    await addCompleteRun(server.store.db, id, { model: '\ud800'.repeat(200) });
  const first = runPage.parse(await (await get('/api/runs?sort=model&limit=1')).json());
  const next = await get(`/api/runs?sort=model&limit=1&cursor=${first.nextCursor}`);
  expect(next.status).toBe(200);
  expect(runPage.parse(await next.json()).items.map(({ runId }) => runId)).toEqual(['dev-b']);
});

describe('what cannot be answered says why', () => {
  test.each([
    ['/api/runs/dev-none', 404, 'no run dev-none'],
    ['/api/runs/dev-none/events', 404, 'no run dev-none'],
    ['/api/runs/dev-none/samples', 404, 'no run dev-none'],
    ['/api/runs/dev-none/telemetry', 404, 'dev-none has no file telemetry.jsonl'],
    ['/api/export/runs/dev-none/samples', 404, 'no run dev-none'],
    ['/api/compare?runs=dev-none,dev-other', 404, 'no run dev-none'],
    ['/api/runs/..%2F..%2Fetc', 400, /^runId: an environment, a hyphen/],
    ['/api/runs?state=ASLEEP', 400, /^state: states with commas between/],
    ['/api/runs?limit=0', 400, /^limit: /],
    ['/api/runs?limit=201', 400, /^limit: /],
    ['/api/runs?sort=secret_sha256', 400, /^sort: /],
    ['/api/runs?q=%00', 400, 'q: no NUL'],
    ['/api/runs?from=yesterday', 400, /^from: a UTC time/],
    ['/api/runs?cursor=AAAA', 400, /^cursor does not belong to this list/],
    ['/api/trends', 400, /^model: /],
    ['/api/trends?model=m&spec=9', 400, /^spec: /],
    ['/api/compare?runs=dev-a', 400, 'runs: 1 are too few; allowed: 2 to 6'],
    [
      '/api/compare?runs=dev-a,dev-b,dev-c,dev-d,dev-e,dev-f,dev-g',
      400,
      'runs: 7 are too many; allowed: 2 to 6',
    ],
    ['/api/compare?runs=dev-a,dev-b,dev-a', 400, 'runs: dev-a is there twice; allowed: each once'],
    ['/api/compare?runs=dev-a,', 400, 'runs: "" is no id of a run; allowed: ids with commas between'],
    ["/api/compare?runs=dev-a,'--", 400, /is no id of a run/],
  ])('%s', async (path, status, message) => {
    const [seen, error] = await problem(path);
    expect(seen).toBe(status);
    if (typeof message === 'string') expect(error).toBe(message);
    else expect(error).toMatch(message);
  });
});

test('lists, a run, its samples and a comparison are what the document says', async () => {
  const { db } = server.store;
  await addPrompt(db);
  for (const [id, marks] of [
    ['dev-a', '+-+'],
    ['dev-b', '++-'],
  ] as const) {
    await addCompleteRun(db, id);
    await addSamples(db, id, marks);
  }
  const json = async (path: string): Promise<unknown> => (await get(path)).json();
  expect(runPage.parse(await json('/api/runs?limit=1')).nextCursor).not.toBeNull();
  expect(runDetail.parse(await json('/api/runs/dev-a')).sampleCount).toBe(3);
  expect(samplePage.parse(await json('/api/runs/dev-a/samples?outcome=wrong')).total).toBe(1);
  const compared = compareAnswer.parse(await json('/api/compare?runs=dev-a,dev-b'));
  expect(compared.discordant).toHaveLength(2);
  expect(compared.runs.map(({ runId }) => runId)).toEqual(['dev-a', 'dev-b']);
});

describe('telemetry', () => {
  const sha256 = 'e'.repeat(64);
  beforeEach(async () => {
    const { db } = server.store;
    await addCompleteRun(db, 'dev-a');
    await db
      .insertInto('artifact')
      .values({
        ...{ run_id: 'dev-a', name: 'telemetry.jsonl', kind: 'telemetry', bytes: 1, sha256 },
        ...{ content_type: 'application/jsonl', stored_at: minute(11) },
      })
      .execute();
  });

  test('a file that is gone is missing', async () => {
    expect(await problem('/api/runs/dev-a/telemetry')).toEqual([404, 'dev-a has no file telemetry.jsonl']);
  });

  test('it is read once', async () => {
    const look = {
      ...{ schema: 'he300.telemetry/v1', at: minute(0), seconds: 1, during: null, client: null, host: null },
      ...{ server: null, gpus: null, energy: { wattHours: 0, knownSeconds: 0, seconds: 0 } },
    };
    const key = `runs/dev-a/telemetry.jsonl/${sha256}`;
    files[key] = `${JSON.stringify(look)}\nhalf a li`;
    const first = telemetrySeries.parse(await (await get('/api/runs/dev-a/telemetry')).json());
    expect(first.seconds).toEqual([0]);
    delete files[key];
    expect(await (await get('/api/runs/dev-a/telemetry')).json()).toEqual(first);
  });
});

describe('exports', () => {
  test('an empty table has a header, and an empty list is one', async () => {
    const csv = await get('/api/export/runs');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="runs.csv"');
    expect(await csv.text()).toMatch(/^run_id,state,[^\r]+\r\n$/);
    expect(await (await get('/api/export/runs?format=json')).json()).toEqual([]);
  });

  test('they hold more than a page, filtered and sorted as the list is', async () => {
    const runs = Array.from({ length: 450 }, (_, i) =>
      pendingRun(`${i % 2 ? 'dev' : 'prod'}-${i}`, { created_at: minute(i) }),
    );
    await server.store.db.insertInto('run').values(runs).execute();
    const json = (await (await get('/api/export/runs?format=json&environment=dev')).json()) as {
      runId: string;
    }[];
    const csv = parse(await (await get('/api/export/runs?environment=dev&sort=createdAt')).text(), {
      columns: true,
    }) as {
      run_id: string;
    }[];
    const expected = Array.from({ length: 225 }, (_, i) => `dev-${2 * i + 1}`);
    expect(csv.map(({ run_id }) => run_id)).toEqual(expected);
    expect(json.map(({ runId }) => runId)).toEqual(expected.reverse());
  });

  test('what a spreadsheet would run is text, and what would break a row stays in its cell', async () => {
    const answers = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', 'a "b", c\r\nd;e', '<b>ü</b>'];
    await addCompleteRun(server.store.db, 'dev-a', { model: '=cmd|calc' });
    await addSamples(server.store.db, 'dev-a', '+'.repeat(answers.length), (i) => ({ answer: answers[i]! }));
    const samples = parse(await (await get('/api/export/runs/dev-a/samples')).text(), { columns: true }) as {
      answer: string;
      prompt: string;
    }[];
    expect(samples.map(({ answer }) => answer)).toEqual([
      ...answers.slice(0, 5).map((text) => `'${text}`),
      ...answers.slice(5),
    ]);
    const [run] = parse(await (await get('/api/export/runs')).text(), { columns: true }) as {
      model: string;
    }[];
    expect(run!.model).toBe("'=cmd|calc");
    const json = (await (await get('/api/export/runs/dev-a/samples?format=json')).json()) as {
      answer: string;
    }[];
    expect(json.map(({ answer }) => answer)).toEqual(answers);
  });
});
