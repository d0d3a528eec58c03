import { loadEnvironment } from '../environments';
import { devWith, stacksOf } from '../test/support/stacks';

interface Terraform {
  readonly backend: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly required_version: string;
}
interface Provider {
  readonly alias?: string;
  readonly region: string;
  readonly s3_use_path_style?: boolean;
  readonly allowed_account_ids: readonly string[];
}

const whole = (json: unknown) =>
  json as { readonly terraform: Terraform; readonly provider: { readonly aws: readonly Provider[] } };

/** Runs `body` as if the variable were this, and puts back what was there. */
function withEndpoint<T>(endpoint: string | undefined, body: () => T): T {
  const before = process.env.AWS_ENDPOINT_URL;
  const set = (value: string | undefined) => {
    if (value === undefined) delete process.env.AWS_ENDPOINT_URL;
    else process.env.AWS_ENDPOINT_URL = value;
  };
  set(endpoint);
  try {
    return body();
  } finally {
    set(before);
  }
}

const EMULATOR = 'http://127.0.0.1:5555';

test('state is kept in the bucket under the native lock, a key for each stack', () => {
  const { host, platform } = withEndpoint(undefined, () => stacksOf(loadEnvironment('dev')));
  const backends = [host, platform].map(({ json }) => whole(json).terraform.backend.s3!);
  for (const backend of backends) expect(backend).toMatchObject({ use_lockfile: true, encrypt: true });
  expect(backends[0]!.bucket).toBe(backends[1]!.bucket);
  expect(backends[0]!.key).not.toBe(backends[1]!.key);
});

test('local keeps its state in a file', () => {
  const { host } = stacksOf(loadEnvironment('local'));
  expect(Object.keys(whole(host.json).terraform.backend)).toEqual(['local']);
});

test('a provider for each region of the candidates, all of them bound to the one account', () => {
  const { host, environment } = stacksOf(loadEnvironment('dev'));
  const providers = whole(host.json).provider.aws;
  expect(providers.map(({ region }) => region)).toEqual(['us-east-1', 'us-west-2']);
  for (const provider of providers) expect(provider.allowed_account_ids).toEqual([environment.accountId]);
});

test('the emulator changes nothing but how S3 is addressed', () => {
  const onAws = withEndpoint(undefined, () => stacksOf(loadEnvironment('dev')));
  const emulated = withEndpoint(EMULATOR, () => stacksOf(loadEnvironment('dev')));
  const text = JSON.stringify(emulated.host.json);
  expect(text).toContain('"s3_use_path_style":true');
  expect(text).toContain('"use_path_style":true');
  expect(JSON.parse(text.replace(/,?"(s3_)?use_path_style":true/g, ''))).toEqual(onAws.host.json);
  expect(text).not.toContain(EMULATOR);
});

test('no stack reads another’s state', () => {
  for (const { json } of Object.values(stacksOf(loadEnvironment('dev'))).filter((s) => 'json' in s)) {
    expect(JSON.stringify(json)).not.toContain('terraform_remote_state');
  }
});

test('a pinned image is taken as it is, without asking a parameter', () => {
  const dev = loadEnvironment('dev');
  const imageIds = { 'us-east-1': 'ami-0123456789abcdef0', 'us-west-2': 'ami-0fedcba9876543210' } as const;
  const { host } = stacksOf(devWith({ gpu: { ...dev.gpu, image: { kind: 'pinned', imageIds } } }));
  expect(host.all('aws_instance').map(({ ami }) => ami)).toEqual(Object.values(imageIds));
  expect(JSON.stringify(host.json)).not.toContain('aws_ssm_parameter');
});

test('a VPC that is there already is used, and none is made', () => {
  const ids = {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: { a: 'subnet-0123456789abcdef0', b: 'subnet-0fedcba9876543210' },
  };
  const dev = loadEnvironment('dev');
  const vpc = { kind: 'existing', regions: { 'us-east-1': ids, 'us-west-2': ids } } as const;
  const { host, platform } = stacksOf(devWith({ network: { ...dev.network, vpc } }));
  expect(platform.all('aws_vpc')).toEqual([]);
  expect(JSON.stringify(host.json)).toContain(ids.subnetIds.a);
});
