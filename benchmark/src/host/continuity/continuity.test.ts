import fc from 'fast-check';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreDouble } from '../aws/store.double';
import { HostLog } from '../log/host-log';
import { Redactor } from '../log/redactor';
import { claimRun, firstSeqOf, type Claimed } from './claims';
import { agreedSizes, leftBy, restore } from './restore';
import { RunUploader } from './run-uploader';

const RUN = 'dev-i-0123456789abcdef0';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'he300-continuity-'))));
afterEach(() => rmSync(root, { recursive: true }));

interface Session extends Claimed {
  readonly directory: string;
  readonly uploader: RunUploader;
  readonly lines: string[];
  readonly resumes: boolean;
}

/** A supervisor that is started on this disk and continues what there is. */
async function begin(store: StoreDouble, disk: string, hostId = disk): Promise<Session> {
  const directory = join(root, disk);
  let left: Awaited<ReturnType<typeof leftBy>> = new Map();
  const claimed = await claimRun(store, { runId: RUN, hostId }, async (claims) => {
    left = await leftBy(store, RUN, claims);
    return agreedSizes(left, directory);
  });
  const resumes = await restore(store, { runId: RUN, directory }, left);
  const lines: string[] = [];
  const log = new HostLog({ redactor: new Redactor(), write: (line) => lines.push(line) });
  const { restored } = claimed.claims.at(-1)!;
  const uploader = new RunUploader({
    ...{ store, log, runId: RUN, directory, session: claimed.session, restored, everyMs: 1 },
  });
  if (!resumes) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'plan.json'), '{"plan":1}');
  }
  return { ...claimed, directory, uploader, lines, resumes };
}

const logOf = ({ directory }: Session): string => {
  const path = join(directory, 'samples.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};
const append = ({ directory }: Session, text: string) =>
  appendFileSync(join(directory, 'samples.jsonl'), text);

test('another host finds the plan, the whole lines of the log, and what else there was, but no key', async () => {
  const store = new StoreDouble();
  const first = await begin(store, 'a');
  expect([first.session, first.resumes]).toEqual([0, false]);
  append(first, '{"a":1}\n{"a":2}\n{"a":3');
  for (const file of ['key.pem', 'lock', 'results.json', 'search.json', 'search.json.new'])
    writeFileSync(join(first.directory, file), file);
  await first.uploader.finish();

  const second = await begin(store, 'b');
  expect([second.session, second.resumes]).toEqual([1, true]);
  expect(logOf(second)).toBe('{"a":1}\n{"a":2}\n');
  expect(readFileSync(join(second.directory, 'search.json'), 'utf8')).toBe('search.json');
  expect(existsSync(join(second.directory, 'key.pem'))).toBe(false);
  expect([...store.objects.keys()].filter((key) => /key|lock|results|new/.test(key))).toEqual([]);
});

test('the log goes up while it grows, and a bucket that is gone for a while is sent what it missed', async () => {
  const store = new StoreDouble();
  const session = await begin(store, 'a');
  session.uploader.start();
  append(session, '1\n');
  await until(() => store.objects.size > 1 && sent(store) === '1\n');
  store.gone = true;
  append(session, '2\n');
  await until(() => session.lines.some((line) => line.includes('does not take the run')));
  append(session, '3\n');
  store.gone = false;
  await until(() => sent(store) === '1\n2\n3\n');
  await session.uploader.finish();
  expect(session.lines.at(-1)).toContain('takes the run again');
});

test('what a host that was given up for lost sends later does not count', async () => {
  const store = new StoreDouble();
  const first = await begin(store, 'a');
  append(first, '1\n');
  await first.uploader.finish();
  const second = await begin(store, 'b');
  append(first, 'late\n');
  await first.uploader.finish();
  append(second, '2\n');
  await second.uploader.finish();
  expect(logOf(await begin(store, 'c'))).toBe('1\n2\n');
  await expect(begin(store, 'a')).rejects.toThrow(
    `run: ${RUN} was continued by c; allowed: one host at a time`,
  );
});

test('two hosts that continue a run at the same time have numbers of their own', async () => {
  const store = new StoreDouble();
  const sessions = await Promise.all(['a', 'b', 'c'].map((disk) => begin(store, disk)));
  expect(sessions.map(({ session }) => session).sort()).toEqual([0, 1, 2]);
  expect(new Set(sessions.map(({ session }) => firstSeqOf(session))).size).toBe(3);
});

test('a claim that cannot be read is said', async () => {
  const store = new StoreDouble();
  await store.put(`runs/${RUN}/sessions/0000.json`, '{}');
  await expect(begin(store, 'a')).rejects.toThrow(
    `bucket: runs/${RUN}/sessions/0000.json is no claim of a run`,
  );
});

/**
 * Hosts that are lost, or lose power and come back with the end of their log missing. A line is told once: whoever
 * continues must find a beginning of what the one before had, and all of what had gone up.
 */
test('whatever is lost, the next session goes on from a true beginning of the log', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant('append' as const), length: fc.integer({ min: 1, max: 9 }) }),
    },
    { weight: 3, arbitrary: fc.constant({ type: 'send' as const }) },
    { weight: 1, arbitrary: fc.constant({ type: 'lost' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('power cut' as const),
        keeps: fc.float({ min: 0, max: 1, noNaN: true }),
      }),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      rmSync(root, { recursive: true });
      mkdirSync(root);
      const store = new StoreDouble();
      let [disks, written] = [0, 0];
      let session = await begin(store, 'disk-0');
      for (const happened of steps) {
        if (happened.type === 'append') append(session, `${`${++written}`.padStart(happened.length, '0')}\n`);
        if (happened.type === 'send') await session.uploader.finish();
        if (happened.type === 'append' || happened.type === 'send') continue;
        const [before, up] = [logOf(session), sent(store)];
        expect(before.startsWith(up)).toBe(true);
        if (happened.type === 'power cut' && before !== '')
          truncateSync(join(session.directory, 'samples.jsonl'), Math.floor(before.length * happened.keeps));
        const disk = happened.type === 'lost' ? `disk-${++disks}` : `disk-${disks}`;
        const wasSent = store.objects.has(`runs/${RUN}/files/plan.json`);
        session = await begin(store, disk, disk);
        expect(before.startsWith(logOf(session))).toBe(true);
        if (happened.type === 'lost' && wasSent) expect(logOf(session)).toBe(up);
        // As the runner does when it opens its log.
        writeFileSync(join(session.directory, 'samples.jsonl'), logOf(session).replace(/[^\n]+$/, ''));
      }
      await session.uploader.finish();
      expect(logOf(await begin(store, 'last'))).toBe(logOf(session));
      const lines = logOf(session).split('\n').slice(0, -1).map(Number);
      expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
    }),
  );
}, 60_000);

/** What of the log is in the bucket, put together plainly: the sessions' pieces over one another. */
function sent(store: StoreDouble): string {
  let text = '';
  for (const [key, bytes] of [...store.objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const claim = /sessions\/(\d+)\.json$/.exec(key);
    if (!claim) continue;
    text = text.slice(
      0,
      (JSON.parse(bytes.toString()) as { restored: Record<string, number> }).restored['samples.jsonl'] ?? 0,
    );
    for (const [piece, content] of [...store.objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [, session, start] = /segments\/samples\.jsonl\/(\d+)\/(\d+)\.jsonl$/.exec(piece) ?? [];
      if (session === claim[1]) text = text.slice(0, Number(start)) + content.toString();
    }
  }
  return text;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
