import type { Answer, Question } from './engine';
import { QUESTION } from './engine-doubles';
import { LlamaEngine } from './llama';
import { LoadedModelDouble, type LoadedModelDoubleOptions } from './llama-cpp/loaded-model.double';

const GENERATION = { temperature: 0, maxTokens: 32, seed: 7 };

function start(options?: LoadedModelDoubleOptions, maxTokens = 32) {
  const model = new LoadedModelDouble(options);
  return { model, engine: new LlamaEngine(model, { ...GENERATION, maxTokens }, ['a note']) };
}

const saying = (content: string): Question => ({ ...QUESTION, messages: [{ role: 'user', content }] });
const ask = (engine: LlamaEngine, timeLimitMs = 5_000): Promise<Answer> => engine.ask(QUESTION, timeLimitMs);

describe('an answer that does not come is a failure of its kind', () => {
  test('a prompt that fills the context', async () => {
    const { engine } = start({ contextTokens: 100 });
    await expect(engine.ask(saying('x'.repeat(99)), 5_000)).rejects.toMatchObject({
      name: 'RequestFailure',
      kind: 'too-large',
      message: 'the prompt has 99 tokens, the context 100',
    });
    expect((await engine.ask(saying('x'.repeat(98)), 5_000)).text).toBe('E');
  });

  test('a deadline, in the midst of an answer', async () => {
    let calls = 0;
    const { engine } = start({
      step: () => (++calls > 3 ? new Promise(() => undefined) : Promise.resolve()),
    });
    const pieces: number[] = [];
    await expect(engine.ask(QUESTION, 50, () => pieces.push(calls))).rejects.toMatchObject({
      kind: 'timeout',
      message: 'no whole answer within 50 ms',
    });
    expect(pieces).toEqual([1, 2, 3]);
  });

  test('a deadline, while others hold every slot', async () => {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { engine, model } = start({ slots: 1, step: () => held });
    const first = ask(engine);
    await expect(ask(engine, 20)).rejects.toMatchObject({ kind: 'timeout' });
    release();
    expect((await first).text).toBe('ETHICAL');
    // The slot went through the hands of the one that waited no longer, and is free.
    expect((await ask(engine)).text).toBe('ETHICAL');
    expect(model.most).toBe(1);
  });

  test('an error of llama.cpp', async () => {
    const { engine } = start({ step: () => Promise.reject(new Error('no memory')) });
    await expect(ask(engine)).rejects.toMatchObject({ kind: 'client', message: 'llama.cpp: no memory' });
  });

  test('a run that ends meanwhile, whether the question has a slot or waits for one', async () => {
    const { engine } = start({ slots: 1, step: () => new Promise(() => undefined) });
    const answers = [ask(engine), ask(engine)];
    const all = Promise.allSettled(answers);
    await engine.close();
    for (const { status, ...rest } of await all)
      expect([status, rest]).toMatchObject(['rejected', { reason: { kind: 'cancelled' } }]);
    await expect(ask(engine)).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

test('a slot whose answer came too late is lent again only when llama.cpp is done with it', async () => {
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  let steps = 0;
  const { engine, model } = start({ slots: 1, step: () => (steps++ === 0 ? held : Promise.resolve()) });
  await expect(ask(engine, 20)).rejects.toMatchObject({ kind: 'timeout' });
  expect(model.busy.size).toBe(1);
  const next = ask(engine);
  release();
  // The double refuses a slot that is not free.
  expect((await next).text).toBe('ETHICAL');
});

test('as many are answered at once as there are slots, and the others wait', async () => {
  const { engine, model } = start({ slots: 3 });
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(engine)));
  expect(answers.map(({ text }) => text)).toEqual(Array(10).fill('ETHICAL'));
  expect(model.most).toBe(3);
  expect(model.busy.size).toBe(0);
});

test('an answer tells when each of its tokens came, and how many there were', async () => {
  const { engine } = start();
  let pieces = 0;
  const answer = await engine.ask(saying('Well?'), 5_000, () => pieces++);
  expect(answer).toMatchObject({ text: 'ETHICAL', promptTokens: 5, outputTokens: 7 });
  expect(answer.pieceAtMs).toHaveLength(7);
  expect([...answer.pieceAtMs].sort((a, b) => a - b)).toEqual(answer.pieceAtMs);
  expect(pieces).toBe(7);
});

test('an answer ends at the most tokens that the run allows', async () => {
  const { engine } = start({}, 3);
  expect(await ask(engine)).toMatchObject({ text: 'ETH', outputTokens: 3 });
});

test('it tells what the model is, with the notes of both', async () => {
  const { engine } = start({ slots: 3 });
  expect(await engine.describe()).toEqual({
    engine: { name: 'llama', server: 'double', slots: 3 },
    model: expect.objectContaining({ name: 'double', contextTokens: 100 }),
    notes: ['a note'],
  });
});
