/** What answers the questions of a run, and where the runner that asks them stands. */
import { z } from 'zod';
import { CPU_INSTANCE_TYPES } from '../../constructs/gpu-host/prices';
import { httpUrl, image } from './primitives';

/** The longest scenario of HE-300 takes about 2,500 tokens with its prompt and its answer. */
export const DEFAULT_CONTEXT_TOKENS = 4096;

const SLOTS = 'a number of slots, computed, or the name of a setting such as original';

const serving = {
  slots: z
    .union(
      [
        z.int().min(1).max(512),
        z.literal('computed'),
        z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, { error: SLOTS }),
      ],
      { error: SLOTS },
    )
    .describe(
      'Requests that it answers at once: a number; `computed`, the most that fit the memory of every candidate; or a named setting of the GPU profile, such as `original`. What does not fit is refused.',
    ),
  contextTokens: z
    .int()
    .min(512)
    .max(131_072)
    .optional()
    .describe(
      `Context of one slot, in tokens; absent: that of the named setting, else ${DEFAULT_CONTEXT_TOKENS}, which the longest scenario with its answer fits.`,
    ),
};

export const modelServer = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('ollama'),
      ...serving,
      cache: z
        .enum(['f16', 'q8_0'])
        .describe(
          'How keys and values are cached; `q8_0` halves the memory and may change an answer now and then.',
        ),
    })
    .describe('Ollama on the GPU host.'),
  z
    .strictObject({ kind: z.literal('vllm'), ...serving })
    .describe("vLLM on the GPU host, in a container; needs a driver of NVIDIA's 580 line or newer."),
  z
    .strictObject({
      kind: z.literal('external'),
      engine: z.enum(['openai', 'ollama']).describe('Interface that it speaks.'),
      url: httpUrl.describe('Where it is; an API key it demands comes from the secrets.'),
    })
    .describe('A server that runs elsewhere.'),
  z.strictObject({ kind: z.literal('embedded') }).describe('llama.cpp within the runner; for small models.'),
]);
export type ModelServer = z.infer<typeof modelServer>;

export const topology = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('onboard') }).describe('The runner is on the GPU host.'),
  z
    .strictObject({
      kind: z.literal('remote'),
      runner: z
        .discriminatedUnion('kind', [
          z
            .strictObject({
              kind: z.literal('host'),
              instanceType: z
                .enum(CPU_INSTANCE_TYPES)
                .describe('Instance type of the runner; it stands beside the GPU host.'),
              image: image.describe('Machine image of the runner.'),
              diskGb: z.int().min(20).max(500).describe('Size of its encrypted gp3 root disk, in GB.'),
            })
            .describe('A small host of its own, launched and ended with the GPU host.'),
          z
            .strictObject({ kind: z.literal('peer') })
            .describe('The peer `test-runner` of `network.mode.peers`, such as a workflow.'),
        ])
        .describe('What drives the GPU host.'),
    })
    .describe('The runner is elsewhere and asks the GPU host through the tunnel.'),
]);
export type Topology = z.infer<typeof topology>;
