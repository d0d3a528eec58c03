import type { GpuProfile } from '../contract/gpu-profile';
import { ORIGINAL } from './original';

/** NVIDIA A10G, the GPU of EC2's g5: the memory of an A10, fewer tensor operations. Older drivers show 22,731 MiB. */
export const a10g: GpuProfile = {
  id: 'a10g',
  title: 'NVIDIA A10G 24 GB',
  names: ['NVIDIA A10G'],
  memoryGib: 22.1,
  memoryBandwidthGbPerSecond: 600,
  denseFp16Tflops: 70,
  maxParametersBillions: 13,
  maxBatch: 50,
  slotProfiles: { original: ORIGINAL },
};
