import type { EnvironmentInput } from './index';

/** The quickstart's environment: everything in the emulator, state in a file, our own small scenario pack. */
export const local: EnvironmentInput = {
  name: 'local',
  namespace: 'he300',
  accountId: '123456789012',
  homeRegion: 'us-east-1',
  state: 'local',
  gpu: {
    candidates: [
      { cloud: 'aws', region: 'us-east-1', zone: 'a', instanceType: 'g5.xlarge', market: 'on-demand' },
    ],
    spotPolicy: 'never',
    image: {
      kind: 'ssm',
      parameter: '/he300/local/gpu-image',
      source: '/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id',
    },
    diskGb: 200,
  },
  run: { timeLimitMinutes: 60, priceCapUsd: 2, models: ['he300-demo'], spec: 'starter', seed: 42 },
  modelServer: { kind: 'embedded' },
  topology: { kind: 'onboard' },
  network: { mode: { kind: 'outbound' }, vpc: { kind: 'managed', cidr: '10.40.0.0/20' }, adminCidrs: [] },
  artifacts: { rawRetentionDays: 30, logRetentionDays: 7, destroyWithPlatform: true },
  dashboard: { tier: 'none' },
  secrets: { kind: 'ssm' },
  owner: 'local',
  tags: {},
};
