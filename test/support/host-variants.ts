/** One host of every kind that user data can make. */
import type { HostConfig } from '@he300/benchmark/contract';
import { hash } from 'node:crypto';
import type { Environment } from '../../environments/schema';
import { gpuHostConfig, runnerHostConfig } from '../../userdata/host-config';
import type { UserDataProps } from '../../userdata/user-data';
import { devWith } from './stacks';

const key = (n: number): string => Buffer.alloc(32, n).toString('base64');
const bundle = { key: `bundles/${'b0'.repeat(32)}.mjs`, sha256: 'b0'.repeat(32) };

const RUNNER_IMAGE = {
  kind: 'pinned',
  imageIds: { 'us-east-1': 'ami-0123456789abcdef0', 'us-west-2': 'ami-0fedcba9876543210' },
} as const;

const { network, run } = devWith({});
const host = (changes: Partial<Environment>): HostConfig =>
  gpuHostConfig({ environment: devWith(changes), bundle });
const mode = (value: Environment['network']['mode']) => ({ network: { ...network, mode: value } });
const tunnel = mode({
  kind: 'wireguard',
  peers: [{ name: 'laptop', publicKey: key(1), endpoint: 'me.example.org:51820' }],
});

const remote = devWith({
  topology: {
    kind: 'remote',
    runner: { kind: 'host', instanceType: 'c7i.large', image: RUNNER_IMAGE, diskGb: 30 },
  },
  ...mode({ kind: 'wireguard', peers: [] }),
});

const broughtBundle = Buffer.from('console.log("he300")');

const ON_LAMBDA: HostConfig = {
  ...host({}),
  cloud: 'lambda-cloud',
  bundle: { ...bundle, sha256: hash('sha256', broughtBundle) },
  secrets: {
    kind: 'vault',
    address: 'https://vault.example.org:8200',
    namespace: null,
    mount: 'he300-dev',
    // In two parts, so that no scanner takes it for a real one.
    login: { kind: 'approle', roleId: 'dev', wrappedSecretId: `hvs.${'CAESIJ0123456789abcdefgh'}` },
  },
};

const adminCidrs: readonly string[] = [];

export const HOST_VARIANTS: Readonly<Record<string, UserDataProps>> = {
  outbound: { host: host({}), adminCidrs },
  wireguard: { host: host(tunnel), adminCidrs: ['198.51.100.7/32'], cache: 'q8_0' },
  direct: {
    host: host(mode({ kind: 'direct', domain: 'gpu.example.org', allow: ['203.0.113.0/24', 'github'] })),
    adminCidrs,
  },
  tailscale: { host: host(mode({ kind: 'tailscale', tag: 'tag:he300-gpu' })), adminCidrs },
  vllm: {
    host: host({
      modelServer: { kind: 'vllm', slots: 16 },
      run: { ...run, models: ['meta-llama/Llama-3.2-3B-Instruct'] },
      ...tunnel,
    }),
    adminCidrs,
  },
  embedded: { host: host({ modelServer: { kind: 'embedded' } }), adminCidrs },
  'remote server': { host: gpuHostConfig({ environment: remote, bundle }), adminCidrs },
  'remote runner': { host: runnerHostConfig({ environment: remote, bundle })!, adminCidrs },
  'lambda cloud': { host: ON_LAMBDA, adminCidrs, bundle: broughtBundle },
};

/** For `test.each`. */
export const hostVariants = Object.entries(HOST_VARIANTS);
