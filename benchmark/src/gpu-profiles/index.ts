/** GPUs and models as data, and the arithmetic of what fits. Pure: the infrastructure uses it as well as the runner. */
import type { GpuProfile } from '../contract/gpu-profile';
import { a10 } from './a10';
import { a100With40Gb } from './a100-40gb';
import { a10g } from './a10g';
import { appleM1With16Gb } from './apple-m1-16gb';
import { cpu } from './cpu';
import { rtx4090 } from './rtx-4090';

export * from './memory';
export * from './model-size';
export { QUANTIZATIONS, type Quantization } from './quantization';

export const GPU_PROFILES = {
  [a10.id]: a10,
  [a10g.id]: a10g,
  [a100With40Gb.id]: a100With40Gb,
  [rtx4090.id]: rtx4090,
  [appleM1With16Gb.id]: appleM1With16Gb,
  [cpu.id]: cpu,
} as Readonly<Record<string, GpuProfile>>;

/** The profile of a GPU by the name that its driver gives it; undefined for one that nobody has described. */
export const profileOfGpu = (driverName: string): GpuProfile | undefined =>
  Object.values(GPU_PROFILES).find(({ names }) => names.includes(driverName));
