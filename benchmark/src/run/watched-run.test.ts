/** What a run sees of the machines, from the sources to its results. */
import { readFileSync } from 'node:fs';
import { withFakePath } from '../../../test/support/fake-programs';
import { saturation as saturationSchema } from '../contract/performance';
import { results as resultsSchema } from '../contract/results';
import { telemetryLine, type TelemetryLine } from '../contract/telemetry-line';
import { modelDouble, type ModelDouble } from '../engines/model-double';
import { serve, type TestServer } from '../engines/engine-doubles';
import { HE300_V1 } from '../prompts/he300-v1';
import { Client } from '../telemetry/client';
import { A10G_FIELDS, dcgmPage } from '../telemetry/dcgm.double';
import { A10G_LINE, nvidiaSmiDouble } from '../telemetry/nvidia-smi.double';
import { DCGM_VARIABLE } from '../telemetry/run-telemetry';
import { Sampler } from '../telemetry/sampler';
import { ServerQueue } from '../telemetry/server-queue';
import { vllmDouble } from '../telemetry/vllm.double';
import { begin, resume } from './begin';
import { findConcurrency } from './find-concurrency';
import { ShortRun } from './short-run';
import { verify } from './verify';

const path = withFakePath();
let short: ShortRun;
const servers: TestServer[] = [];
const started = <T extends TestServer>(server: T): T => {
  servers.push(server);
  return server;
};
beforeEach(() => (short = new ShortRun()));
afterEach(async () => {
  delete process.env[DCGM_VARIABLE];
  await Promise.all(servers.splice(0).map((server) => server.close()));
  short.remove();
});

const lines = (): TelemetryLine[] =>
  readFileSync(short.path('telemetry.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => telemetryLine.parse(JSON.parse(line)));

async function exporter(): Promise<void> {
  const page = dcgmPage([{ gpu: 0, fields: A10G_FIELDS }]);
  const { url } = started(await serve((_, response) => response.end(page)));
  process.env[DCGM_VARIABLE] = new URL('/metrics', url).href;
}

const model = async (): Promise<ModelDouble> => started(await modelDouble());

describe('a run whose concurrency was told', () => {
  test('proves that the runner had time left, and says what nothing told', async () => {
    const { performance, cost } = await short.whole((await model()).url);
    const { saturation, telemetry } = performance;
    expect(saturation).toMatchObject({ verdict: 'not-searched', bound: null, warnings: expect.any(Array) });
    expect(saturation.evidence).toEqual([
      '4 in flight, as asked for',
      expect.stringMatching(
        /^client: \d+ % of a core, event loop late by at most [\d.]+ ms \(p99\): it had /,
      ),
      ...saturation.evidence.slice(2),
    ]);
    expect(saturation.unknowns).toEqual([
      expect.stringMatching(/^the server’s queue/),
      expect.stringMatching(/^the GPU: none was seen/),
    ]);
    expect(telemetry).toMatchObject({ server: null, gpus: null, client: expect.any(Object) });
    expect(cost.wattHours).toBeNull();
  });

  test('on a GPU tells what that was short of, why its clocks were held down, and what it used', async () => {
    await exporter();
    path.add('nvidia-smi', nvidiaSmiDouble({ lines: [A10G_LINE] }));
    const results = await short.whole((await model()).url);
    const { performance, cost } = results;
    expect(resultsSchema.parse(results)).toEqual(results);
    expect(performance.telemetry!.gpus).toMatchObject([
      {
        index: 0,
        name: 'NVIDIA A10G',
        dramActive: { mean: 0.72 },
        powerWatts: { mean: 143.5 },
        throttled: [{ reason: 'sw-power-cap', part: 1 }],
      },
    ]);
    expect(performance.saturation.bound).toBe('memory-bandwidth');
    expect(performance.saturation.warnings).toContain(
      'GPU 0: clocks held down in 100 % of the time by sw-power-cap',
    );
    const watched = lines().reduce((sum, { seconds }) => sum + seconds, 0);
    expect(cost.wattHours).toBeCloseTo((143.5 * watched) / 3600, 9);
    expect(verify(short.directory).results).toEqual(results);
  });

  test('goes on in the same file when it is resumed, and counts the energy of both', async () => {
    await exporter();
    const { url } = await model();
    const stop = new AbortController();
    const partial = await short.finish(await begin(short.request(url)), {
      stop: stop.signal,
      onProgress: (progress) => {
        if (progress.type === 'scored' && progress.done === 20) stop.abort();
      },
    });
    const before = lines();
    const whole = await short.finish(await resume(short.directory, {}));
    expect(lines().slice(0, before.length)).toEqual(before);
    expect(lines().length).toBeGreaterThan(before.length);
    expect(new Set(lines().map(({ during }) => during))).toEqual(new Set([null, 'scored', 'rescored']));
    expect(whole.cost.wattHours).toBeGreaterThan(partial.cost.wattHours!);
  });
});

test('a search finds the slots of a server that tells nobody but by its queue, and tries them', async () => {
  const { url } = started(await vllmDouble({ slots: 6, answerMs: 25 }));
  const { engine, sample } = await begin(short.request(url));
  // Windows this short have to be looked at more often than those of a real run.
  const sampler = new Sampler({ sources: [new Client(), new ServerQueue(url)], intervalMs: 5 });
  const saturation = await findConcurrency({
    ...{ engine, slots: null, scenarios: sample, promptSet: HE300_V1, requestTimeLimitMs: 5_000 },
    ...{ sampler, onWindow: () => undefined, stop: new AbortController().signal },
    limits: { turnovers: 3, fewestAnswers: 12, leastSeconds: 0.1, mostSeconds: 5 },
  });
  await Promise.all([engine.close(), sampler.close()]);
  expect(saturationSchema.parse(saturation)).toEqual(saturation);
  // The verdict itself hangs on how fast this machine is: search.test.ts and verdict.test.ts have it.
  expect(saturation.slotsSeen).toBe(6);
  expect(saturation.windows.length).toBeLessThanOrEqual(14);
  expect(saturation.windows.map(({ concurrency }) => concurrency)).toContain(6);
  expect(saturation.telemetry).toMatchObject({ server: { kind: 'vllm' }, client: expect.any(Object) });
}, 60_000);
