import type { EnvironmentInput } from './index';

/** Published figures: on demand only, so that no run is interrupted. */
export const prod: EnvironmentInput = {
  name: 'prod',
  namespace: 'he300',
  accountId: '123456789012',
  homeRegion: 'us-east-1',
  state: 's3',
  gpu: {
    candidates: [
      { cloud: 'aws', region: 'us-east-1', zone: 'a', instanceType: 'g5.2xlarge', market: 'on-demand' },
      { cloud: 'aws', region: 'us-east-1', zone: 'b', instanceType: 'g5.2xlarge', market: 'on-demand' },
      { cloud: 'aws', region: 'us-west-2', zone: 'a', instanceType: 'g5.2xlarge', market: 'on-demand' },
    ],
    spotPolicy: 'never',
    image: {
      kind: 'ssm',
      parameter: '/he300/prod/gpu-image',
      source: '/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id',
    },
    diskGb: 200,
  },
  run: {
    timeLimitMinutes: 240,
    priceCapUsd: 8,
    models: ['llama3.2:3b-instruct-q4_K_M', 'llama3.1:8b-instruct-q4_K_M'],
    spec: '1.0',
    // The published ETHICS files, as `npm run publish` packs them.
    dataset: 'eaaeab569ba847ae90bb67f0d0a74e012f378ba75b0286c65acb4ed28a96b84c',
    seed: 42,
  },
  modelServer: { kind: 'ollama', slots: 'computed', cache: 'f16' },
  topology: { kind: 'onboard' },
  network: { mode: { kind: 'outbound' }, vpc: { kind: 'managed', cidr: '10.43.0.0/20' }, adminCidrs: [] },
  artifacts: { rawRetentionDays: 30, logRetentionDays: 365, destroyWithPlatform: false },
  dashboard: {
    tier: 'ha',
    url: 'https://he300.example.org',
    exposure: 'public',
    protected: true,
    publicRead: true,
    backupDays: 35,
    domain: 'he300.example.org',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    zones: ['a', 'b'],
    image:
      'ghcr.io/rng-ops/he300-dashboard@sha256:0000000000000000000000000000000000000000000000000000000000000000',
    databaseClass: 'db.t4g.small',
    databaseGb: 20,
  },
  secrets: {
    kind: 'vault',
    address: 'https://vault.example.org:8200',
    mount: 'he300-prod',
    shared: 'create',
  },
  github: {
    owner: 'rng-ops',
    ownerId: 100001,
    repository: 'he300-bench',
    repositoryId: 200001,
    subjectFormat: 'names-and-ids',
    applyEnvironment: 'prod',
    oidcProvider: 'existing',
  },
  owner: 'he300-prod',
  tags: {},
};
