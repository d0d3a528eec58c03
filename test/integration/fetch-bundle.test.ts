/** The fetcher as user data carries it: one file, run by Node alone, against the emulator's S3 and its instance role. */
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REFUSED_EXIT_CODE } from '../../userdata/fetch-bundle/exit-code';
import { fetcherProgram } from '../../userdata/fetch-bundle/package';
import { withEmulator } from '../support/emulator';
import { imdsDouble, type ImdsDouble } from '../support/imds.double';
import { describeWithTools } from '../support/skip';

jest.setTimeout(60_000);

const BUNDLE = 'console.log(JSON.stringify(process.argv.slice(1)));\n';
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

describeWithTools(['moto'], 'the fetcher', () => {
  const emulator = withEmulator();
  let imds: ImdsDouble;
  let dir: string;

  beforeAll(async () => {
    imds = await imdsDouble({ endpoint: emulator.endpoint, instanceId: 'i-0123456789abcdef0' });
    dir = mkdtempSync(join(tmpdir(), 'he300-fetcher-'));
    writeFileSync(join(dir, 'fetch-bundle.mjs'), fetcherProgram());
    const s3 = new S3Client({
      region: 'us-east-1',
      endpoint: emulator.endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await s3.send(new CreateBucketCommand({ Bucket: 'artifacts' }));
    await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'bundles/x.mjs', Body: BUNDLE }));
  });
  afterAll(async () => {
    await imds.close();
    rmSync(dir, { recursive: true });
  });

  async function run(
    sha256: string,
  ): Promise<{ code: number; stdout: string; stderr: string; path: string }> {
    const [config, path] = [join(dir, 'host.json'), join(dir, sha256, 'he300.mjs')];
    const bundle = { key: 'bundles/x.mjs', sha256 };
    writeFileSync(config, JSON.stringify({ homeRegion: 'us-east-1', artifactBucket: 'artifacts', bundle }));
    const env = {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.url,
    };
    const child = spawn(process.execPath, [join(dir, 'fetch-bundle.mjs'), config, path, 'host', '--keep'], {
      ...{ env, cwd: dir },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const [code] = (await once(child, 'close')) as [number];
    return { code, stdout, stderr, path };
  }

  test('refuses another bundle than the agreed one', async () => {
    const { code, stdout, stderr, path } = await run('0'.repeat(64));
    expect([code, stdout]).toEqual([REFUSED_EXIT_CODE, '']);
    expect(stderr).toBe(
      `fetch-bundle: bundles/x.mjs: its SHA-256 is ${sha256Of(BUNDLE)}; allowed: ${'0'.repeat(64)}, which this host was told\n`,
    );
    expect(existsSync(path)).toBe(false);
  });

  test('fetches it with the role of the instance, and goes on as it', async () => {
    const { code, stdout, stderr, path } = await run(sha256Of(BUNDLE));
    expect({ code, stderr, argv: JSON.parse(stdout) as unknown }).toEqual({
      code: 0,
      stderr: `fetch-bundle: fetched bundles/x.mjs, ${BUNDLE.length} bytes, SHA-256 as agreed\n`,
      argv: [path, 'host', '--keep'],
    });
    expect(readFileSync(path, 'utf8')).toBe(BUNDLE);
  });
});
