import type { GpuProfile } from '../contract/gpu-profile';
import { ORIGINAL } from './original';

/** GeForce RTX 4090. The driver shows 24,564 MiB; a screen takes some of it. */
export const rtx4090: GpuProfile = {
  id: 'rtx-4090',
  title: 'GeForce RTX 4090 24 GB',
  names: ['NVIDIA GeForce RTX 4090'],
  memoryGib: 23.4,
  memoryBandwidthGbPerSecond: 1008,
  denseFp16Tflops: 165,
  maxParametersBillions: 32,
  maxBatch: 50,
  slotProfiles: { original: ORIGINAL },
};
