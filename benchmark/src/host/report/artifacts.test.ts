import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { receiverDouble, type ReceiverDouble } from '../../../../test/support/receiver.double';
import { MAX_ARTIFACT_BYTES } from '../../contract/artifact';
import { StoreDouble } from '../aws/store.double';
import { HostLog } from '../log/host-log';
import { Redactor } from '../log/redactor';
import { Secret } from '../log/secret';
import { artifactsIn, uploadArtifacts, type ArtifactFile } from './artifacts';

const RUN = 'dev-i-1';
const webhookKey = `whsec_${Buffer.alloc(32).toString('base64')}`;
const file: ArtifactFile = {
  kind: 'results',
  name: 'results.json',
  contentType: 'application/json',
  body: Buffer.from('{}'),
};

let receiver: ReceiverDouble;
let store: StoreDouble;
let lines: string[];
beforeEach(async () => {
  receiver = await receiverDouble({ webhookKey, dashboardToken: 'token' });
  [store, lines] = [new StoreDouble(), []];
});
afterEach(() => receiver.close());

const send = (files: readonly ArtifactFile[], signal: AbortSignal, token = 'token'): Promise<string[]> =>
  uploadArtifacts(files, {
    ...{ runId: RUN, store, signal },
    log: new HostLog({ redactor: new Redactor(), write: (line) => lines.push(line) }),
    dashboard: { url: receiver.url, token: new Secret(token) },
  });
const never = new AbortController().signal;

test('an artifact gets to both places, and again without harm', async () => {
  expect(await send([file], never)).toEqual([]);
  expect(await send([file], never)).toEqual([]);
  expect(store.objects.get(`runs/${RUN}/artifacts/results.json`)).toEqual(file.body);
  expect(receiver.runs.get(RUN)!.artifacts.get('results.json')).toMatchObject({ kind: 'results', bytes: 2 });
  expect(receiver.violations).toEqual([]);
});

test('what can never be taken is said once, and kept in the bucket', async () => {
  expect(await send([file], never, 'wrong')).toEqual(['results.json']);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('HTTP 401');
  const large = { ...file, name: 'large.json', body: Buffer.alloc(MAX_ARTIFACT_BYTES + 1) };
  expect(await send([large], never)).toEqual(['large.json']);
  expect(store.objects.size).toBe(2);
});

test('a place that is gone is tried until there is no more time, and the other one gets it', async () => {
  await receiver.goAway();
  expect(await send([file], AbortSignal.timeout(100))).toEqual(['results.json']);
  expect(store.objects.size).toBe(1);
  await receiver.back();
  store.gone = true;
  expect(await send([file], AbortSignal.timeout(100))).toEqual(['results.json']);
  expect(receiver.runs.get(RUN)!.artifacts.size).toBe(1);
});

test('a place that comes back gets it', async () => {
  store.gone = true;
  const sent = send([file], never);
  while (lines.length === 0) await new Promise(setImmediate);
  store.gone = false;
  expect(await sent).toEqual([]);
});

test('of a run’s directory goes up what is there, and no key', () => {
  const dir = mkdtempSync(join(tmpdir(), 'he300-artifacts-'));
  for (const name of ['results.json', 'samples.jsonl', 'prompts.jsonl', 'key.pem', 'plan.json'])
    writeFileSync(join(dir, name), name);
  expect(artifactsIn(dir).map(({ name }) => name)).toEqual([
    'results.json',
    'samples.jsonl',
    'prompts.jsonl',
  ]);
  rmSync(dir, { recursive: true });
});
