import type { GpuProfile } from '../contract/gpu-profile';
import { ORIGINAL } from './original';

/** NVIDIA A10, as Lambda Cloud rents it. The driver shows 23,028 MiB of its 24 GB. */
export const a10: GpuProfile = {
  id: 'a10',
  title: 'NVIDIA A10 24 GB',
  names: ['NVIDIA A10'],
  memoryGib: 22.4,
  memoryBandwidthGbPerSecond: 600,
  denseFp16Tflops: 125,
  maxParametersBillions: 13,
  maxBatch: 50,
  slotProfiles: { original: ORIGINAL },
};
