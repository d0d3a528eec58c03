/** Where a run came from and what it ran on. */
import * as z from 'zod';
import { count, sha256, text, usd } from './primitives';

export const trigger = z.strictObject({
  kind: z.enum(['manual', 'pull-request', 'push', 'schedule', 'dispatch']),
  actor: text(100).optional(),
  repository: text(200).optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, { error: '40 hex digits' })
    .optional(),
  branch: text(255).optional(),
  pullRequest: z.int().positive().optional(),
});
export type Trigger = z.infer<typeof trigger>;

export const gpu = z.strictObject({
  name: text(100),
  count: z.int().positive(),
  memoryGib: z.number().positive(),
  driver: text(50).nullable(),
  profile: z.string().max(32).nullable().describe('Id of the GPU profile that was used.'),
});

export const host = z.strictObject({
  kind: z
    .enum(['aws', 'lambda-cloud', 'machine'])
    .describe('`machine`: one that nobody launched for the run.'),
  id: text(100).describe('Instance id, or host name.'),
  instanceType: text(50).nullable(),
  region: text(50).nullable(),
  market: z.enum(['spot', 'on-demand']).nullable(),
  cpus: z.int().positive(),
  memoryGib: z.number().positive(),
  gpu: gpu.nullable(),
});
export type Host = z.infer<typeof host>;

export const model = z.strictObject({
  name: text(200),
  digest: text(200)
    .nullable()
    .describe('As the server names the weights it holds; null when it does not tell.'),
  quantization: text(50).nullable(),
  parametersBillions: z.number().positive().nullable(),
  contextTokens: z.int().positive().nullable(),
});
export type Model = z.infer<typeof model>;

export const engine = z.strictObject({
  name: z.enum(['openai', 'ollama', 'llama', 'ethicsengine', 'cirisnode']),
  server: text(100).nullable().describe('Name and version of the server, such as `ollama 0.6.5`.'),
  slots: z
    .int()
    .positive()
    .nullable()
    .describe('Requests that the server works on at once; null when unknown.'),
});
export type Engine = z.infer<typeof engine>;

/** How an answer was asked for. */
export const generation = z.strictObject({
  temperature: z.number().min(0).max(2),
  maxTokens: z.int().positive(),
  seed: z.int().nullable(),
});

export const runner = z.strictObject({
  version: z.string().min(1).max(32),
  bundleSha256: sha256.nullable().describe('Null when it runs from sources.'),
  node: z.string().min(1).max(32),
});

export const price = z.strictObject({
  usdPerHour: usd.nullable().describe('Null where nothing is paid by the hour.'),
  capUsd: usd.nullable(),
  timeLimitMinutes: count.nullable(),
});
export type Price = z.infer<typeof price>;
