/** Which GPUs an instance type has. */
import { GPU_PROFILES } from '@he300/benchmark/gpu-profiles';
import type { GpuProfile } from '@he300/benchmark/contract';
import type { GpuInstanceType } from './prices';

const GPUS: Readonly<Record<GpuInstanceType, number>> = {
  'g5.xlarge': 1,
  'g5.2xlarge': 1,
  'g5.4xlarge': 1,
  'g5.8xlarge': 1,
  'g5.12xlarge': 4,
  'g5.16xlarge': 1,
  'g5.24xlarge': 4,
  'g5.48xlarge': 8,
};

/** Every type of the price table is a g5. */
export const gpusOf = (type: GpuInstanceType): { readonly profile: GpuProfile; readonly gpus: number } => ({
  profile: GPU_PROFILES['a10g']!,
  gpus: GPUS[type],
});
