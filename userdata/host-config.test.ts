import { loadEnvironment } from '../environments';
import type { Environment } from '../environments/schema';
import { devWith } from '../test/support/stacks';
import { gpuHostConfig, runnerHostConfig } from './host-config';

const HASH = 'a'.repeat(64);
const bundle = { key: `bundles/${HASH}.mjs`, sha256: HASH };
const told = (environment: Environment, resumeRunId?: string) =>
  gpuHostConfig({ environment, bundle, resumeRunId });
const { network, run } = devWith({});
const key = (n: number): string => Buffer.alloc(32, n).toString('base64');

test('a host is told its run, its bundle and its bucket, and where its secrets are', () => {
  expect(told(devWith({}), 'dev-i-0123456789abcdef0')).toMatchObject({
    environment: 'dev',
    topology: 'onboard',
    artifactBucket: 'he300-dev-artifacts-123456789012',
    bundle,
    secrets: { kind: 'ssm', parameterPath: '/he300/dev/host' },
    gpuProfile: 'a10g',
    prices: [{ instanceType: 'g5.xlarge' }],
    resumeRunId: 'dev-i-0123456789abcdef0',
  });
});

test('every environment has hosts that the contract takes', () => {
  for (const name of ['local', 'dev', 'staging', 'prod'])
    expect(told(loadEnvironment(name)).environment).toBe(name);
});

test('data and weights of our own are told by their hash', () => {
  const config = told(
    devWith({ run: { ...run, models: ['mine:3b', 'llama3.2:1b'], weights: { 'mine:3b': HASH } } }),
  );
  expect(config.run.models).toEqual([
    { name: 'mine:3b', weights: { key: `models/${HASH}.gguf`, sha256: HASH } },
    { name: 'llama3.2:1b', weights: null },
  ]);
  expect(config.run.dataset).toEqual({ key: `datasets/${run.dataset}.tar.gz`, sha256: run.dataset });
  expect(told(loadEnvironment('local')).run.dataset).toBeNull();
});

test('with Vault it is told where to log in, as which role and for which server', () => {
  expect(told(loadEnvironment('prod')).secrets).toEqual({
    kind: 'vault',
    address: 'https://vault.example.org:8200',
    namespace: null,
    mount: 'he300-prod',
    login: { kind: 'aws-iam', role: 'he300-prod-host', serverId: 'vault.example.org' },
  });
});

test('the allow list is told as ranges, each once', () => {
  const mode = { kind: 'direct', domain: 'gpu.example.org', allow: ['140.82.112.0/20', 'github'] } as const;
  const config = told(devWith({ network: { ...network, mode: { ...mode, allow: [...mode.allow] } } }));
  expect(config.network).toEqual({
    kind: 'direct',
    domain: 'gpu.example.org',
    allow: ['140.82.112.0/20', '192.30.252.0/22', '185.199.108.0/22', '143.55.64.0/20'],
  });
});

describe('the remote topology', () => {
  const runner = {
    kind: 'host',
    instanceType: 'c7i.large',
    image: { kind: 'pinned', imageIds: {} },
    diskGb: 30,
  } as const;
  const peers = [{ name: 'laptop', publicKey: key(1) }];
  const remote = devWith({
    topology: { kind: 'remote', runner },
    network: { ...network, mode: { kind: 'wireguard', peers } },
  });
  const server = told(remote);
  const driver = runnerHostConfig({ environment: remote, bundle })!;

  test('two hosts know one another by name, and will learn the keys from one another', () => {
    const unknown = { publicKey: null, endpoint: null };
    expect(server).toMatchObject({ topology: 'remote-server', modelServer: { kind: 'ollama' } });
    expect(server.network).toMatchObject({
      address: '10.0.0.2',
      listenPort: 51820,
      keepaliveSeconds: 25,
      peers: [
        { name: 'test-runner', address: '10.0.0.1', ...unknown },
        { name: 'laptop', address: '10.0.0.3', publicKey: key(1), endpoint: null },
      ],
    });
    expect(driver).toMatchObject({
      topology: 'remote-runner',
      modelServer: { kind: 'external', engine: 'ollama', url: 'http://10.0.0.2:11434' },
      gpuProfile: null,
      network: { address: '10.0.0.1', peers: [{ name: 'gpu-host', address: '10.0.0.2', ...unknown }] },
    });
  });

  test('the runner reports the price of both', () => {
    const [alone] = server.prices;
    expect(driver.prices).toEqual([{ instanceType: 'c7i.large', usdPerHour: alone!.usdPerHour }]);
    expect(alone!.usdPerHour).toBeGreaterThan(told(devWith({})).prices[0]!.usdPerHour + 0.089);
  });

  test('a runner that is a peer is no host of ours', () => {
    const environment = devWith({
      topology: { kind: 'remote', runner: { kind: 'peer' } },
      network: {
        ...network,
        mode: { kind: 'wireguard', peers: [{ name: 'test-runner', publicKey: key(2) }] },
      },
    });
    expect(runnerHostConfig({ environment, bundle })).toBeUndefined();
    expect(told(environment).network).toMatchObject({ peers: [{ address: '10.0.0.1', publicKey: key(2) }] });
  });
});
