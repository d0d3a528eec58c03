/** `npm run publish` against the emulator: what it refuses, what it sends, and that it sends it once. */
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesOf } from '../../constructs/naming/names';
import { loadEnvironment } from '../../environments';
import { checkInputs } from '../../ops/lib/publish';
import { withEmulator } from '../support/emulator';
import { actionsOf } from '../support/recording';
import { describeWithSharedData, describeWithTools } from '../support/skip';
import { Workspace } from '../support/workspace';

jest.setTimeout(120_000);

const env = loadEnvironment('dev');
const Bucket = namesOf(env).artifactBucket;
/** Larger than one part of an upload. */
const WEIGHTS = Buffer.concat([
  Buffer.from('GGUF'),
  Buffer.from([3, 0, 0, 0]),
  randomBytes(70 * 1024 * 1024),
]);

describeWithTools(['moto'], 'publish', () => {
  const emulator = withEmulator();
  const workspace = new Workspace(() => emulator.env);
  let dir: string;
  let s3: S3Client;

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'he300-published-'));
    writeFileSync(join(dir, 'tiny.gguf'), WEIGHTS);
    s3 = new S3Client({
      region: env.homeRegion,
      endpoint: emulator.endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });
  afterAll(() => {
    workspace.remove();
    rmSync(dir, { recursive: true });
  });

  const publish = (...args: readonly string[]) => workspace.ops('publish', ['dev', ...args]);
  const body = async (Key: string): Promise<Buffer> =>
    Buffer.from(await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray());

  test('before there is a platform it says so', async () => {
    const { code, stderr } = await publish('model', join(dir, 'tiny.gguf'));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `publish: dev-platform is not deployed: no bucket ${Bucket}; deploy it with: npx cdktf deploy dev-platform\n`,
    });
    await s3.send(new CreateBucketCommand({ Bucket }));
  });

  test.each<[string, readonly string[], string]>([
    ['another kind', ['image', 'x.png'], "'image'; allowed: dataset, model"],
    ['nothing to publish', ['model'], 'missing argument <source>; see --help'],
    ['a file that is not there', ['model', 'none.gguf'], 'none.gguf: no such file; allowed: a GGUF file'],
    ['a directory without ETHICS', ['dataset', '.'], 'cm_test.csv'],
  ])('%s is refused', async (_title, args, said) => {
    const { code, stderr } = await publish(...args);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(/^publish: .*\n$/);
    expect(stderr).toContain(said);
  });

  test('a file that is no GGUF is refused by how it begins', async () => {
    writeFileSync(join(dir, 'weights.bin'), 'PK\u0003\u0004 and more');
    const { stderr } = await publish('model', join(dir, 'weights.bin'));
    expect(stderr).toBe(
      `publish: ${dir}/weights.bin: begins with 504b030420616e64; allowed: a GGUF of version 2 or 3\n`,
    );
  });

  test('weights go up once, under their hash, with the line for the environment', async () => {
    const sha256 = createHash('sha256').update(WEIGHTS).digest('hex');
    const key = `models/${sha256}.gguf`;
    const first = await publish('model', join(dir, 'tiny.gguf'));
    expect(first.stdout).toBe(
      `published ${key}, ${WEIGHTS.length} bytes\nin environments/dev.ts, in run: weights: { 'tiny': '${sha256}' },\n`,
    );
    expect((await body(key)).equals(WEIGHTS)).toBe(true);
    let again = '';
    const needed = await actionsOf(emulator, async () => {
      again = (await publish('model', join(dir, 'tiny.gguf'), '--json')).stdout;
    });
    expect(JSON.parse(again)).toEqual({
      environment: 'dev',
      kind: 'model',
      sha256,
      key,
      bytes: WEIGHTS.length,
      did: 'exists',
    });
    expect(needed).not.toContain('s3:PutObject');
  });

  test('an environment whose inputs are not there is told how to bring them', async () => {
    const run = { ...env.run, weights: { 'llama3.2:3b-instruct-q4_K_M': 'f'.repeat(64) } };
    const { dataset: _none, ...starter } = run;
    await expect(checkInputs({ ...env, run: { ...starter, spec: 'starter' } }, s3)).rejects.toThrow(
      `environments/dev.ts: run.weights['llama3.2:3b-instruct-q4_K_M']: models/${'f'.repeat(64)}.gguf is not in the artifact bucket; put it there with: npm run publish -- dev model FILE.gguf`,
    );
  });

  describeWithSharedData('ETHICS', (data) => {
    const ethics = join(data, 'ethics');
    const key = `datasets/${env.run.dataset}.tar.gz`;

    test('is missed by the environments before it is published', async () => {
      await expect(checkInputs(env, s3)).rejects.toThrow(
        `environments/dev.ts: run.dataset: ${key} is not in the artifact bucket; put it there with: npm run publish -- dev dataset DIR`,
      );
    });

    test('gives the same archive wherever its files lie, the one that the environments name', async () => {
      const flat = join(dir, 'flat');
      mkdirSync(flat);
      for (const name of [
        'commonsense/cm_test',
        'commonsense/cm_test_hard',
        'deontology/deontology_test',
        'justice/justice_test',
        'virtue/virtue_test',
      ])
        cpSync(join(ethics, `${name}.csv`), join(flat, `${name.split('/')[1]}.csv`));
      const first = await publish('dataset', ethics);
      expect(first.stdout).toMatch(new RegExp(`^published ${key.replaceAll('.', '\\.')}, \\d+ bytes\n`));
      const again = await publish('dataset', flat);
      expect(again.stdout).toMatch(new RegExp(`^exists {4}${key.replaceAll('.', '\\.')}, `));
      expect(
        createHash('sha256')
          .update(await body(key))
          .digest('hex'),
      ).toBe(env.run.dataset);
      const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket, Key: key }));
      expect(again.stdout).toContain(`${ContentLength} bytes`);
      await expect(checkInputs(env, s3)).resolves.toBeUndefined();
    });
  });
});
