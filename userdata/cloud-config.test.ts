import { gunzipSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { cloudConfig, encodeUserData, type HostConfig, USER_DATA_LIMIT_BYTES } from './cloud-config';

const host: HostConfig = {
  environment: 'dev',
  run: { timeLimitMinutes: 120, priceCapUsd: 4, models: ['m'], spec: '1.0', seed: 42 },
  artifactBucket: 'artifacts',
  bundle: { bucket: 'artifacts', key: 'bundles/x/he300.mjs', sha256: 'b0'.repeat(32) },
  secrets: { kind: 'ssm' },
};

interface CloudConfig {
  readonly bootcmd: readonly (readonly string[])[];
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
}

const parsed = (text: string) => JSON.parse(text.replace(/^#cloud-config\n/, '')) as CloudConfig;

test('the first thing a host does is to arm its limit, a little before the cloud ends it', () => {
  const text = cloudConfig(host);
  expect(text.startsWith('#cloud-config\n')).toBe(true);
  expect(parsed(text).bootcmd[0]).toEqual([
    'systemd-run',
    '--unit=he300-limit',
    '--on-active=115min',
    'systemctl',
    'poweroff',
  ]);
});

test('a host is told its run, bundle and bucket, and where its secrets are', () => {
  const [file] = parsed(cloudConfig({ ...host, resumeRunId: 'dev-i-0123456789abcdef0' })).write_files;
  expect(file!.path).toBe('/etc/he300/host.json');
  expect(JSON.parse(file!.content)).toEqual({ ...host, resumeRunId: 'dev-i-0123456789abcdef0' });
});

test('the same text gives the same bytes, with nothing of the machine or the hour in them', () => {
  const bytes = Buffer.from(encodeUserData(cloudConfig(host)), 'base64');
  expect(gunzipSync(bytes).toString()).toBe(cloudConfig(host));
  expect(bytes.readUInt32LE(4)).toBe(0);
  expect(bytes[9]).toBe(255);
});

test('what EC2 would refuse is refused here', () => {
  const text = randomBytes(USER_DATA_LIMIT_BYTES).toString('latin1');
  expect(() => encodeUserData(text)).toThrow(/^user data: \d+ bytes after gzip; allowed: at most 16384$/);
});
