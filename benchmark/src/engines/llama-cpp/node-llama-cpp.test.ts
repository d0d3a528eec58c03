/** What it says where llama.cpp is not to be had; with it: test/integration/llama.test.ts. */
import { DEMO_MODEL } from './demo-model';
import { LlamaCpp, type LlamaCppOptions } from './node-llama-cpp';

const load = (library: LlamaCppOptions['library']) =>
  LlamaCpp.load({ path: DEMO_MODEL, slots: 1, contextTokens: 256, ...(library ? { library } : {}) });

test('a library that is not installed is told with how to get it', async () => {
  const missing = Object.assign(new Error("Cannot find package 'node-llama-cpp'"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(load(() => Promise.reject(missing))).rejects.toMatchObject({
    name: 'InputError',
    message:
      'engine llama: node-llama-cpp is not installed; allowed: npm install node-llama-cpp@3 beside the runner, or --engine ollama, or openai, for a model server',
  });
});

test('a library that breaks while it is loaded is no fault of the user', async () => {
  await expect(load(() => Promise.reject(new SyntaxError('broken')))).rejects.toThrow(SyntaxError);
});

test('a machine that llama.cpp is not built for is told', async () => {
  class NoBinaryFoundError extends Error {}
  const library = {
    getLlama: () => Promise.reject(new NoBinaryFoundError()),
    LlamaLogLevel: { error: 'error' },
    NoBinaryFoundError,
  } as unknown as Awaited<ReturnType<NonNullable<LlamaCppOptions['library']>>>;
  await expect(load(() => Promise.resolve(library))).rejects.toThrow(
    /^engine llama: llama\.cpp is not installed for \w+ on \w+; allowed: another machine, or /,
  );
});
