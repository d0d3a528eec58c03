import { readConfig, SETTINGS } from './config';

test('on a developer’s machine everything has a default, and an empty variable is none', () => {
  const usual = {
    port: 8300,
    host: '127.0.0.1',
    dataDir: 'data',
    databaseUrl: undefined,
    publicRead: true,
    publicUrl: undefined,
    artifacts: { kind: 'directory', path: 'data/artifacts' },
    rawRetentionDays: 30,
    auditRetentionDays: 2557,
    webhookKeys: [],
    trustedProxies: 0,
    requestsPerMinute: 0,
  };
  expect(readConfig({})).toEqual(usual);
  expect(readConfig(Object.fromEntries(SETTINGS.map(([name]) => [name, ''])))).toEqual(usual);
});

test.each([
  { HOST: '0.0.0.0' },
  { HE300_PUBLIC_URL: 'https://bench.example.org/' },
  { HE300_TRUST_PROXY: '1' },
])('where others can ask, nobody reads without a token, and nobody asks without end: %j', (variables) => {
  expect(readConfig(variables)).toMatchObject({ publicRead: false, requestsPerMinute: 1200 });
  const open = { ...variables, HE300_PUBLIC_READ: 'true', HE300_REQUESTS_PER_MINUTE: '60' };
  expect(readConfig(open)).toMatchObject({ publicRead: true, requestsPerMinute: 60 });
});

test.each([
  ['s3://bench-artifacts', 'bench-artifacts', ''],
  ['s3://bench-artifacts/', 'bench-artifacts', ''],
  ['s3://bench-artifacts/dashboard/files', 'bench-artifacts', 'dashboard/files/'],
])('%s', (HE300_ARTIFACTS, bucket, prefix) => {
  const endpoint = 'http://127.0.0.1:5000';
  expect(readConfig({ HE300_ARTIFACTS, AWS_ENDPOINT_URL: endpoint }).artifacts).toEqual({
    kind: 's3',
    ...{ bucket, prefix, endpoint },
  });
});

test('keys of environments are read as they are given to hosts', () => {
  const [one, two] = ['A', 'B'].map((letter) => `whsec_${letter.repeat(43)}=`);
  expect(readConfig({ HE300_WEBHOOK_KEYS: `dev=${one}, prod=${two},` }).webhookKeys).toEqual([
    { environment: 'dev', key: one },
    { environment: 'prod', key: two },
  ]);
});

test('every setting tells what it means', () => {
  for (const [name, meaning] of SETTINGS)
    expect([name, meaning]).toEqual([name, expect.stringMatching(/.{20}/)]);
});
