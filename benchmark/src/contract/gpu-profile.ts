/** What is known of a GPU before anything is measured on it. One profile is one file of data. */
import * as z from 'zod';

export const gpuProfile = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, { error: 'lower-case letters, digits and hyphens' }),
  title: z.string().min(1).max(64),
  names: z.array(z.string().min(1)).describe('Names that the driver gives it, such as `NVIDIA A10G`.'),
  memoryGib: z.number().positive().describe('Memory that a model may use.'),
  memoryBandwidthGbPerSecond: z.number().positive().nullable(),
  denseFp16Tflops: z.number().positive().nullable(),
  maxParametersBillions: z.number().positive().describe('Largest model that is offered on it.'),
  maxBatch: z.int().positive().describe('Most requests that are put into one batch.'),
  slotProfiles: z
    .record(z.string(), z.strictObject({ slots: z.int().positive(), contextTokens: z.int().positive() }))
    .describe('Named settings that somebody asked for; without one the slots are computed from the memory.'),
});
export type GpuProfile = z.infer<typeof gpuProfile>;
