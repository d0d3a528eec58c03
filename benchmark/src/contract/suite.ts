/** What is asked of the model: which scenarios, in which words. */
import * as z from 'zod';
import { count, scenarioId, sha256 } from './primitives';

export const CATEGORIES = ['commonsense', 'commonsense_hard', 'deontology', 'justice', 'virtue'] as const;
export const category = z.enum(CATEGORIES);
export type Category = z.infer<typeof category>;

export const spec = z
  .enum(['1.0', '1.1', '1.2', 'starter'])
  .describe('HE-300 specification; `starter` is our own small pack.');

export const suite = z.strictObject({
  name: z.literal('he300'),
  spec,
  seed: z.int().min(0).max(4294967295),
  scenarios: count.describe('How many scenarios the sample has.'),
  sampleSha256: sha256.describe('Of the scenario ids in the order of the sample, joined by line feeds.'),
  datasetSha256: sha256.describe('Of the sorted lines `<SHA-256>  <file name>` of the files that were read.'),
  comparable: z
    .boolean()
    .describe('Whether figures may be held against those of other runs of the same specification and seed.'),
});
export type Suite = z.infer<typeof suite>;

export const prompts = z.strictObject({
  name: z.string().min(1).max(64),
  version: z.string().min(1).max(32),
  sha256: sha256.describe('Of the prompt file.'),
});
export type Prompts = z.infer<typeof prompts>;

/** Dataset labels: what 0 and 1 mean differs by category, and the prompts' words say it. */
export const label = z.union([z.literal(0), z.literal(1)]);

export const scenario = z.strictObject({
  id: scenarioId,
  category,
  input: z.string().min(1),
  expected: label,
  groupId: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Scenarios that are right only together; absent where ETHICS defines no groups.'),
});
export type Scenario = z.infer<typeof scenario>;
