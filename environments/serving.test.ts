import { loadEnvironment } from '.';
import type { Environment, ModelServer } from './schema';
import { servingPlan } from './serving';

const dev = loadEnvironment('dev');
const ollama = { kind: 'ollama', slots: 'computed', cache: 'f16' } as const;
const planned = (
  server: Extract<ModelServer, { slots: unknown }>,
  models: string[],
  types: Environment['gpu']['candidates'][number]['instanceType'][] = ['g5.xlarge'],
) =>
  servingPlan(
    {
      ...dev,
      modelServer: server,
      run: { ...dev.run, models },
      gpu: {
        ...dev.gpu,
        candidates: types.map((instanceType) => ({ ...dev.gpu.candidates[0]!, instanceType })),
      },
    },
    server,
  );

test('as many slots as the batch of the GPU takes, where the memory allows them', () => {
  expect(planned(ollama, ['llama3.2:1b'])).toEqual({ slots: 50, contextTokens: 4096 });
});

test('the largest model decides', () => {
  const { slots } = planned(ollama, ['llama3.1:8b']);
  expect(slots).toBeLessThan(50);
  expect(planned(ollama, ['llama3.2:1b', 'llama3.1:8b'])).toEqual({ slots, contextTokens: 4096 });
});

test('the smallest candidate decides, for nobody knows which one has capacity', () => {
  expect(planned(ollama, ['llama3.1:8b'], ['g5.12xlarge', 'g5.xlarge'])).toEqual(
    planned(ollama, ['llama3.1:8b'], ['g5.xlarge']),
  );
  expect(planned(ollama, ['llama3.1:8b'], ['g5.12xlarge']).slots).toBe(50);
});

test('half the cache, nearly twice the slots', () => {
  const { slots } = planned(ollama, ['llama3.1:8b-instruct-fp16']);
  const { slots: withQ8 } = planned({ ...ollama, cache: 'q8_0' }, ['llama3.1:8b-instruct-fp16']);
  expect(withQ8).toBeGreaterThan(slots * 1.7);
});

test('a named setting is four slots of 8,192 tokens, a number is that number', () => {
  expect(planned({ ...ollama, slots: 'original' }, ['llama3.2:3b'])).toEqual({
    slots: 4,
    contextTokens: 8192,
  });
  expect(planned({ ...ollama, slots: 7, contextTokens: 2048 }, ['llama3.2:3b'])).toEqual({
    slots: 7,
    contextTokens: 2048,
  });
});
