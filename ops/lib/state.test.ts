import { S3Client } from '@aws-sdk/client-s3';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../environments';
import { stateStore } from './state';

describe('the state of the local environment is a file', () => {
  const back = process.cwd();
  let lockFile: string;
  beforeEach(() => {
    process.chdir(mkdtempSync(join(tmpdir(), 'he300-state-')));
    mkdirSync('.he300/state', { recursive: true });
    lockFile = '.he300/state/.local.tfstate.lock.info';
  });
  afterEach(() => {
    const folder = process.cwd();
    process.chdir(back);
    rmSync(folder, { recursive: true });
  });
  const store = () => stateStore(loadEnvironment('local'), new S3Client({ region: 'us-east-1' }));
  const lock = (id: string): void =>
    writeFileSync(
      lockFile,
      JSON.stringify({ ID: id, Who: 'me@here', Operation: 'x', Created: '2026-06-17T12:00:00Z' }),
    );

  test('that may be broken', async () => {
    writeFileSync('.he300/state/local.tfstate', '{"version":');
    await expect(store().read()).rejects.toThrow('Terraform state is not JSON');
  });

  test.each([
    ['not there', undefined],
    ['empty, as Terraform leaves it while the first apply runs', ''],
  ])('that is %s: no hosts', async (_title, text) => {
    if (text !== undefined) writeFileSync('.he300/state/local.tfstate', text);
    expect(await store().read()).toEqual({
      hostIds: new Set(),
      guardedIds: new Set(),
      managed: new Set(),
      lock: undefined,
    });
  });

  test('with its hosts and its lock', async () => {
    const resources = [{ mode: 'managed', type: 'aws_instance', instances: [{ attributes: { id: 'i-1' } }] }];
    writeFileSync('.he300/state/local.tfstate', JSON.stringify({ version: 4, resources }));
    lock('a');
    const { hostIds, lock: held } = await store().read();
    expect([[...hostIds], held?.who]).toEqual([['i-1'], 'me@here']);
  });

  test('whose lock is removed, but not one that somebody took meanwhile', async () => {
    lock('a');
    const old = (await store().readLock())!;
    lock('b');
    expect(await store().removeLock(old)).toBe(false);
    expect(existsSync(lockFile)).toBe(true);
    expect(await store().removeLock({ ...old, id: 'b' })).toBe(true);
    expect(existsSync(lockFile)).toBe(false);
  });
});
