/** The search alone, against a server double with so many slots. */
import { saturation as saturationSchema } from '../contract/performance';
import { modelDouble, type ModelDouble, type ModelDoubleOptions } from '../engines/model-double';
import { loadText } from '../report/load-text';
import { loadAlone, type LoadRequest } from './load-alone';

const QUICK = { turnovers: 2, fewestAnswers: 8, leastSeconds: 0, mostSeconds: 5 };

let server: ModelDouble;
afterEach(() => server.close());

async function load(change: Partial<LoadRequest> = {}, options: ModelDoubleOptions = {}) {
  server = await modelDouble({ slots: 4, answerMs: 5, ...options });
  return loadAlone({
    spec: 'starter',
    seed: 42,
    datasetDirectory: '/nowhere',
    promptFile: undefined,
    engine: { name: 'openai', url: server.url.href, model: 'double' },
    generation: { temperature: 0, maxTokens: 64, seed: 42 },
    requestTimeLimitSeconds: 5,
    slots: null,
    onNote: () => undefined,
    onWindow: () => undefined,
    stop: new AbortController().signal,
    windowLimits: QUICK,
    ...change,
  });
}

test('a server that answers nothing but errors is told in one line', async () => {
  await expect(
    load({}, { interfere: (_index, _request, response) => !!response.writeHead(500).end('cannot') }),
  ).rejects.toThrow(/^load: the first \d+ requests all failed: HTTP 500: cannot$/);
});

test('a load that is stopped found nothing, and that is no error', async () => {
  const stop = new AbortController();
  expect(await load({ stop: stop.signal, onWindow: () => stop.abort() })).toBeNull();
});

test('finds the slots that the server tells, each window with its reason', async () => {
  const seen: number[] = [];
  const report = await load({ onWindow: ({ concurrency }) => seen.push(concurrency) });
  const { saturation, engine, model, prompts } = report!;
  expect(saturationSchema.parse(saturation)).toEqual(saturation);
  expect({ model: model.name, slots: engine.slots, prompts: prompts.name }).toEqual({
    model: 'double',
    slots: 4,
    prompts: 'he300',
  });
  expect(seen).toEqual(saturation.windows.map(({ concurrency }) => concurrency));
  expect(seen.slice(0, 2)).toEqual([1, 2]);
  expect(server.most()).toBeLessThanOrEqual(5);

  const text = loadText(report!);
  expect(text).toMatch(
    /^load of double on llama-server double, 4 slots; asked from .*, prompts he300 v1\n\nin flight +tokens\/s +requests\/s +p95 ms +why it was tried\n1 .* a quarter of 4 slots\n/,
  );
  for (const line of saturation.evidence) expect(text).toContain(`\n  ${line}\n`);
  expect(text).toContain(`${saturation.chosenConcurrency} in flight, peak `);
});

test('is bounded by the slots that a person tells, in place of the server’s', async () => {
  const report = await load({ slots: 2 }, { slots: 16 });
  expect(report!.engine.slots).toBe(2);
  expect(server.most()).toBeLessThanOrEqual(3);
});
