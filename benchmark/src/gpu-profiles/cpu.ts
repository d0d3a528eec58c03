import type { GpuProfile } from '../contract/gpu-profile';

/** No GPU: what a machine with 16 GiB can spare for a model. */
export const cpu: GpuProfile = {
  id: 'cpu',
  title: 'CPU only',
  names: [],
  memoryGib: 8,
  memoryBandwidthGbPerSecond: null,
  denseFp16Tflops: null,
  maxParametersBillions: 8,
  maxBatch: 4,
  slotProfiles: {},
};
