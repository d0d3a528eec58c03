import type { GpuProfile } from '../contract/gpu-profile';

/** Apple M1 with 16 GB. Metal recommends two thirds of the shared memory, 10,922 MiB, as the most for the GPU. */
export const appleM1With16Gb: GpuProfile = {
  id: 'apple-m1-16gb',
  title: 'Apple M1 16 GB',
  names: ['Apple M1'],
  memoryGib: 10.6,
  memoryBandwidthGbPerSecond: 68,
  denseFp16Tflops: null,
  maxParametersBillions: 8,
  maxBatch: 8,
  slotProfiles: {},
};
