import type { EnvironmentInput } from './index';

/** What a release is smoke-tested in before prod. */
export const staging: EnvironmentInput = {
  name: 'staging',
  namespace: 'he300',
  accountId: '123456789012',
  homeRegion: 'us-east-1',
  state: 's3',
  gpu: {
    candidates: [
      { cloud: 'aws', region: 'us-east-1', zone: 'a', instanceType: 'g5.xlarge', market: 'spot' },
      { cloud: 'aws', region: 'us-east-1', zone: 'a', instanceType: 'g5.xlarge', market: 'on-demand' },
    ],
    spotPolicy: 'allowed',
    image: {
      kind: 'ssm',
      parameter: '/he300/staging/gpu-image',
      source: '/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id',
    },
    diskGb: 200,
  },
  run: {
    timeLimitMinutes: 120,
    priceCapUsd: 4,
    models: ['llama3.2:3b-instruct-q4_K_M'],
    spec: '1.0',
    // The published ETHICS files, as `npm run publish` packs them.
    dataset: 'eaaeab569ba847ae90bb67f0d0a74e012f378ba75b0286c65acb4ed28a96b84c',
    seed: 42,
  },
  modelServer: { kind: 'ollama', slots: 'computed', cache: 'f16' },
  topology: { kind: 'onboard' },
  network: { mode: { kind: 'outbound' }, vpc: { kind: 'managed', cidr: '10.42.0.0/20' }, adminCidrs: [] },
  artifacts: { rawRetentionDays: 30, logRetentionDays: 90, destroyWithPlatform: false },
  dashboard: {
    tier: 'single',
    exposure: 'internal',
    protected: true,
    publicRead: false,
    backupDays: 14,
    zone: 'a',
    instanceType: 't3.small',
    image: {
      kind: 'ssm',
      parameter: '/he300/staging/dashboard-image',
      source: '/aws/service/debian/release/12/latest/amd64',
    },
    dataGb: 20,
    backupEveryHours: 6,
  },
  secrets: {
    kind: 'vault',
    address: 'https://vault.example.org:8200',
    mount: 'he300-staging',
    shared: 'existing',
  },
  github: {
    owner: 'rng-ops',
    ownerId: 100001,
    repository: 'he300-bench',
    repositoryId: 200001,
    subjectFormat: 'names-and-ids',
    applyEnvironment: 'staging',
    oidcProvider: 'existing',
  },
  owner: 'he300-staging',
  tags: {},
};
