import type { GpuProfile } from '../contract/gpu-profile';
import { ORIGINAL } from './original';

/** NVIDIA A100 with 40 GB. Older drivers show 40,536 MiB. */
export const a100With40Gb: GpuProfile = {
  id: 'a100-40gb',
  title: 'NVIDIA A100 40 GB',
  names: ['NVIDIA A100-SXM4-40GB', 'NVIDIA A100-PCIE-40GB'],
  memoryGib: 39.5,
  memoryBandwidthGbPerSecond: 1555,
  denseFp16Tflops: 312,
  maxParametersBillions: 34,
  maxBatch: 128,
  slotProfiles: { original: ORIGINAL },
};
