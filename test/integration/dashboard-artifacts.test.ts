import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ArtifactGone, artifactKey, type ArtifactStore } from '../../dashboard/server/receive/artifact-store';
import { checked, WrongDigest } from '../../dashboard/server/receive/checked';
import { DirectoryStore } from '../../dashboard/server/receive/directory-store';
import { S3Store } from '../../dashboard/server/receive/s3-store';
import { withEmulator } from '../support/emulator';
import { describeWithTools } from '../support/skip';

const BUCKET = 'he300-test-artifacts';
// More than one part of an upload.
const LARGE = randomBytes(9 * 1024 * 1024);

async function* pieces(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 60_000) yield bytes.subarray(at, at + 60_000);
}

const keyOf = (body: Buffer) =>
  artifactKey({ runId: 'dev-i-1', name: 'a.jsonl', sha256: hash('sha256', body) });

/** What every store does alike. */
function itKeepsArtifacts(store: () => ArtifactStore, count: () => Promise<number>): void {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a line', Buffer.from('a line\n')],
    ['several parts', LARGE],
  ])('keeps %s as it came, gives a part of it, and removes it', async (_, body) => {
    const key = keyOf(body);
    await store().put(key, pieces(body));
    expect((await buffer(await store().get(key))).equals(body)).toBe(true);
    if (body.length > 0) {
      const part = await buffer(await store().get(key, { first: 2, last: 4 }));
      expect(part.equals(body.subarray(2, 5))).toBe(true);
    }
    await store().remove(key);
    await store().remove(key);
    await expect(store().get(key)).rejects.toThrow(ArtifactGone);
  });

  test('has nothing of what did not come whole', async () => {
    for (const body of [Buffer.from('short'), LARGE]) {
      const wrong = checked(pieces(body), { sha256: 'a'.repeat(64), mostBytes: body.length });
      await expect(store().put(keyOf(body), wrong)).rejects.toThrow(WrongDigest);
      await expect(store().get(keyOf(body))).rejects.toThrow(ArtifactGone);
    }
    expect(await count()).toBe(0);
  });

  test.each(['../x', 'runs/../../x', '/etc/passwd', 'a//b', '', 'a/.b', 'a\\b', 'a\0b'])(
    'refuses the key %j, which leads elsewhere',
    async (key) => {
      await expect(store().put(key, pieces(LARGE))).rejects.toThrow('is not one of ours');
      await expect(store().get(key)).rejects.toThrow('is not one of ours');
      await expect(store().remove(key)).rejects.toThrow('is not one of ours');
    },
  );
}

describe('a directory', () => {
  let place: string;
  beforeAll(() => (place = mkdtempSync(join(tmpdir(), 'he300-artifacts-'))));
  afterAll(() => rmSync(place, { recursive: true }));
  itKeepsArtifacts(
    () => new DirectoryStore(place),
    async () =>
      (await readdir(place, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
        .length,
  );
});

describeWithTools(['moto'], 'a bucket', () => {
  const emulator = withEmulator();
  const client = () =>
    new S3Client({
      ...{ endpoint: emulator.endpoint, region: 'us-east-1', forcePathStyle: true },
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  const before = { ...process.env };
  beforeAll(async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
    });
    await client().send(new CreateBucketCommand({ Bucket: BUCKET }));
  });
  afterAll(() => (process.env = before));
  itKeepsArtifacts(
    () => new S3Store({ bucket: BUCKET, prefix: 'dashboard/', endpoint: emulator.endpoint }),
    async () => (await client().send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount ?? 0,
  );
});
