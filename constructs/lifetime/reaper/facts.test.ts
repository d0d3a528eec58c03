import type { GetObjectCommand } from '@aws-sdk/client-s3';
import { type S3Client } from '@aws-sdk/client-s3';
import { endMarkerKey, hasEnded, s3DeployState } from './facts';

const failure = (name: string): Error => Object.assign(new Error('no'), { name });
const LOCK = JSON.stringify({ ID: 'a', Who: 'me@here', Operation: 'x', Created: '2026-06-17T12:00:00Z' });
const stateWith = (id: string): string =>
  JSON.stringify({
    version: 4,
    resources: [{ mode: 'managed', type: 'aws_instance', instances: [{ attributes: { id } }] }],
  });

/** A bucket whose objects are asked for one by one. */
const bucket = (answer: (key: string) => string | Error): S3Client =>
  ({
    send: async (command: unknown) => {
      const { Key } = (command as GetObjectCommand).input;
      const content = answer(Key ?? '');
      if (content instanceof Error) throw content;
      return { Body: { transformToString: async () => content } };
    },
  }) as unknown as S3Client;

test('an apply that ends between our two reads does not leave its host looking like an orphan', async () => {
  const objects: Record<string, string> = { lock: LOCK, state: stateWith('i-old') };
  const s3 = bucket((key) => {
    const seen = objects[key];
    objects.state = stateWith('i-new');
    delete objects.lock;
    return seen ?? failure('NoSuchKey');
  });
  const { lock, hostIds } = await s3DeployState(s3, 'b', 'state', 'lock');
  expect(lock).toBeDefined();
  expect(hostIds).toEqual(new Set(['i-new']));
});

test.each(['NoSuchBucket', 'AccessDenied', 'TimeoutError'])('%s is no empty state', async (name) => {
  await expect(
    s3DeployState(
      bucket(() => failure(name)),
      'b',
      'state',
      'lock',
    ),
  ).rejects.toMatchObject({ name });
});

test('neither state nor lock: no hosts, nobody applying', async () => {
  expect(
    await s3DeployState(
      bucket(() => failure('NoSuchKey')),
      'b',
      'state',
      'lock',
    ),
  ).toEqual({ hostIds: new Set(), guardedIds: new Set(), managed: new Set(), lock: undefined });
});

test('a run has ended when its marker is there, not when S3 refuses to say', async () => {
  const key = 'runs/dev-i-1/ended.json';
  expect(endMarkerKey('dev', 'i-1')).toBe(key);
  expect(
    await hasEnded(
      bucket((asked) => (asked === key ? '{}' : failure('NotFound'))),
      'b',
      'dev',
      'i-1',
    ),
  ).toBe(true);
  expect(
    await hasEnded(
      bucket(() => failure('NotFound')),
      'b',
      'dev',
      'i-1',
    ),
  ).toBe(false);
  await expect(
    hasEnded(
      bucket(() => failure('Forbidden')),
      'b',
      'dev',
      'i-1',
    ),
  ).rejects.toMatchObject({ name: 'Forbidden' });
});
