import fc from 'fast-check';
import { gpuProfile } from '../contract/gpu-profile';
import { FAMILIES } from './families';
import {
  GPU_PROFILES,
  memoryFault,
  memoryNeed,
  memoryOf,
  modelSize,
  profileOfGpu,
  slotsFor,
  type ModelSize,
  type Place,
} from '.';

const place = (profile: string, more: Partial<Place> = {}): Place => ({
  profile: GPU_PROFILES[profile]!,
  gpus: 1,
  server: 'ollama',
  contextTokens: 4096,
  cache: 'f16',
  ...more,
});

const size = (name: string): ModelSize => modelSize(name)!;

describe('what does not fit is told with the arithmetic', () => {
  test('a model with more parameters than the GPU is offered for', () => {
    expect(memoryFault(size('llama3.3:70b'), place('a10g'), 1)).toEqual({
      what: 'has 70.55 billion parameters',
      allowed: 'at most 13 billion on a10g',
    });
  });

  test('too many slots, and how many would do', () => {
    expect(memoryFault(size('llama3.1:8b-instruct-fp16'), place('a10g'), 50)).toEqual({
      what: 'needs 14.98 GiB of weights (fp16) + 25.00 GiB of cache (50 × 4096 tokens × 128.0 KiB) + 1.00 GiB for the server = 40.98 GiB',
      allowed: 'at most 22.10 GiB, the memory of a10g; 12 slots fit',
    });
  });

  test('a model that leaves no room for one slot', () => {
    const model = size('llama2:13b-chat-fp16');
    expect(memoryFault(model, place('a10'), 1)!.allowed).toMatch(/; no slot fits$/);
    expect(slotsFor(model, place('a10'))).toBe(0);
  });

  test('a model of which only the size is known says that it is an estimate', () => {
    expect(memoryFault(size('somebody/new-model-12b'), place('a10'), 8)!.what).toContain(
      ' KiB, estimated) + ',
    );
  });
});

describe('the original setting, four slots of 8,192 tokens', () => {
  const { slots, contextTokens } = GPU_PROFILES.a10!.slotProfiles.original!;
  test.each(['llama3.1:8b-instruct-q4_K_M', 'llama3.1:8b-instruct-q8_0', 'llama3.2:3b-instruct-fp16'])(
    '%s fits an A10',
    (name) => expect(memoryFault(size(name), place('a10', { contextTokens }), slots)).toBeUndefined(),
  );
  test('a model without grouped-query attention does not', () => {
    expect(memoryFault(size('llama2:13b'), place('a10', { contextTokens }), slots)!.allowed).toMatch(
      /2 slots fit$/,
    );
  });
});

/** Sizes of published GGUF files, in 10^9 bytes. */
const PUBLISHED: readonly (readonly [name: string, gigabytes: number])[] = [
  ['llama3.2:1b-instruct-q4_K_M', 0.808],
  ['llama3.2:3b-instruct-q4_K_M', 2.019],
  ['llama3.2:3b-instruct-q8_0', 3.422],
  ['llama3.1:8b-instruct-q4_K_M', 4.921],
  ['llama3.1:8b-instruct-q5_K_M', 5.733],
  ['llama3.1:8b-instruct-q8_0', 8.541],
  ['llama3.1:8b-instruct-fp16', 16.069],
  ['qwen2.5:7b-instruct-q4_K_M', 4.683],
  ['mistral:7b-instruct-v0.3-q4_K_M', 4.373],
  ['gemma2:9b-instruct-q4_K_M', 5.761],
  ['phi3:3.8b-mini-4k-instruct-q4_K_M', 2.393],
  ['phi3:3.8b-mini-4k-instruct-q5_K_M', 2.816],
  ['phi3:3.8b-mini-4k-instruct-q8_0', 4.061],
];

test.each(PUBLISHED)('%s is counted with at least its %d GB, and with little more', (name, gigabytes) => {
  const counted = (size(name).weightsGib * 2 ** 30) / 1e9;
  expect(counted).toBeGreaterThanOrEqual(gigabytes);
  expect(counted).toBeLessThan(gigabytes * 1.06);
});

test.each([
  ['llama3.2', 3.213, 'Q4_K_M'],
  ['llama3', 8.03, 'Q4_K_M'],
  ['llama3.1:70b', 70.55, 'Q4_K_M'],
  ['meta-llama/Llama-3.1-8B-Instruct', 8.03, 'fp16'],
  ['hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0', 1.236, 'Q8_0'],
  ['Qwen/Qwen2.5-14B-Instruct', 14.77, 'fp16'],
  ['mistralai/Mistral-7B-Instruct-v0.3', 7.248, 'fp16'],
  ['mixtral:8x7b-instruct-v0.1-q4_K_M', 46.7, 'Q4_K_M'],
  ['google/gemma-2-9b-it', 9.242, 'fp16'],
  ['gemma-2b-it', 2, 'Q4_K_M'],
  ['gemma2:2b', 2.614, 'Q4_K_M'],
  ['microsoft/Phi-3-medium-4k-instruct', 13.96, 'fp16'],
  ['phi4', 14.66, 'Q4_K_M'],
  ['deepseek-r1:8b-llama-distill-q6_K', 8, 'Q8_0'],
  ['llama3.1:405b', 405, 'Q4_K_M'],
])('the name %s means %d billion parameters in %s', (name, parametersBillions, quantization) => {
  expect(size(name)).toMatchObject({ parametersBillions, quantization });
});

test.each(['he300-demo', 'llama', 'gpt-4o', 'model-0b', '', 'x:latest'])(
  'the name %j tells no size',
  (name) => expect(modelSize(name)).toBeUndefined(),
);

test('an estimate is above what models of the table that have no grouped-query attention take', () => {
  for (const { sizes } of FAMILIES) {
    for (const { billions, layers, kvHeads, headDim, width } of Object.values(sizes)) {
      if (kvHeads * headDim !== width) continue;
      const estimate = size(`unknown:${billions}b`);
      expect(estimate.cachedValuesPerToken).toBeGreaterThanOrEqual(2 * layers * kvHeads * headDim);
    }
  }
});

test('every profile is as the contract says, and is found by the names of its GPU', () => {
  for (const [id, profile] of Object.entries(GPU_PROFILES)) {
    expect(gpuProfile.parse(profile)).toEqual({ ...profile, id });
    for (const name of profile.names) expect(profileOfGpu(name)).toBe(profile);
  }
  expect(profileOfGpu('NVIDIA H100')).toBeUndefined();
});

describe('whatever the model, the GPU and the context', () => {
  const anyPlace = fc.record({
    profile: fc.constantFrom(...Object.values(GPU_PROFILES)),
    gpus: fc.integer({ min: 1, max: 8 }),
    server: fc.constantFrom('ollama' as const, 'vllm' as const),
    contextTokens: fc.integer({ min: 256, max: 131_072 }),
    cache: fc.constantFrom('f16' as const, 'q8_0' as const),
  });
  const anyModel = fc.oneof(
    fc
      .tuple(fc.double({ min: 0.1, max: 99, noNaN: true }), fc.constantFrom('', '-q8_0', '-q5_K_M', '-fp16'))
      .map(([billions, tag]) => size(`unknown:${billions.toFixed(1)}b${tag}`)),
    fc.constantFrom(...PUBLISHED.map(([name]) => size(name))),
  );

  test('as many slots as are said to fit do fit, and one more does not, unless the batch is the limit', () => {
    fc.assert(
      fc.property(anyModel, anyPlace, (model, at) => {
        const slots = slotsFor(model, at);
        expect(slots).toBeLessThanOrEqual(at.profile.maxBatch);
        if (slots > 0) expect(memoryNeed(model, at, slots).totalGib).toBeLessThanOrEqual(memoryOf(at));
        expect(memoryFault(model, at, Math.max(1, slots)) === undefined).toBe(slots > 0);
        if (slots < at.profile.maxBatch) expect(memoryFault(model, at, slots + 1)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  test('more memory never means fewer slots, and more context, larger weights or a wider cache never more', () => {
    fc.assert(
      fc.property(anyModel, anyPlace, fc.double({ min: 1, max: 4, noNaN: true }), (model, at, factor) => {
        const slots = slotsFor(model, at);
        const larger = { ...at.profile, memoryGib: at.profile.memoryGib * factor };
        expect(slotsFor(model, { ...at, profile: larger })).toBeGreaterThanOrEqual(slots);
        const longer = Math.ceil(at.contextTokens * factor);
        expect(slotsFor(model, { ...at, contextTokens: longer })).toBeLessThanOrEqual(slots);
        const heavier = { ...model, weightsGib: model.weightsGib * factor };
        expect(slotsFor(heavier, at)).toBeLessThanOrEqual(slots);
        expect(slotsFor(model, { ...at, cache: 'f16' })).toBeLessThanOrEqual(
          slotsFor(model, { ...at, cache: 'q8_0' }),
        );
      }),
    );
  });
});
