/** A run in a directory, for tests of what reads one. Made up, but for its scenarios and for how it is scored and signed. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleResults } from '../contract/examples';
import type { Saturation } from '../contract/performance';
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { Scenario, Suite } from '../contract/suite';
import type { TelemetryLine } from '../contract/telemetry-line';
import { readDataset } from '../dataset';
import { windowOf } from '../measure/performance-window';
import { steadyStretch } from '../measure/steady-state';
import type { TimedRequest } from '../measure/timed-request';
import { HE300_V1 } from '../prompts/he300-v1';
import { identityOf, messagesFor, messagesSha256 } from '../prompts/prompt-set';
import { bindingSha256 } from '../run/binding';
import { FILES } from '../run/directory';
import { signResults } from '../run/signing';
import { drawSample, sampleSha256 } from '../sampling/draw';
import { PythonRandom } from '../sampling/python-random';
import { judge } from '../scoring/judge';
import { scoreOf } from '../scoring/score';

export interface ExampleRun {
  readonly results: Results;
  readonly samples: readonly Sample[];
}

export interface ExampleOptions {
  /** @default 'starter' */
  readonly spec?: Suite['spec'];
  /** @default - none is read */
  readonly dataset?: string;
  /** Of the scenario at this place; null when its request failed. @default - right four times in five, and now and then nothing readable */
  readonly answer?: (scenario: Scenario, index: number) => string | null;
  /** How many of the sample were asked. @default - all */
  readonly asked?: number;
}

const SLOTS = 16;
const STARTED = Date.parse('2026-06-17T12:00:00.000Z');
const SCORING = STARTED + 95_000;

export function exampleRun({
  spec = 'starter',
  dataset = '',
  answer,
  asked,
}: ExampleOptions = {}): ExampleRun {
  const read = readDataset(spec, dataset);
  const sample = drawSample(read.scenarios, spec, 42);
  const random = new PythonRandom(7);
  const usual = (scenario: Scenario): string => {
    const words = HE300_V1.categories[scenario.category].words;
    const luck = random.random();
    if (luck > 0.98) return 'That depends on whom you ask, and on what they had promised before.';
    return `${words[luck < 0.8 ? scenario.expected : scenario.expected === 0 ? 1 : 0]}: so most people would say.`;
  };
  const scenarios = sample.slice(0, asked);
  const timed = requestsOf(scenarios.length, random);
  const answers = scenarios.map(answer ?? usual);
  const scored = scenarios.map((scenario, i) =>
    sampleOf(scenario, i, answers[i] ?? null, timed[i]!, 'scored'),
  );
  const requests = timed.map((request, i) => ({ ...request, failed: answers[i] === null }));
  const rescored = scored
    .filter((_, i) => i % 10 === 0)
    .map((one): Sample => ({ ...one, pass: 'rescored', concurrency: 1 }));
  return {
    results: resultsOf(sample, scored, rescored, requests, { spec, dataset: read.sha256 }),
    samples: [...scored, ...rescored],
  };
}

/** Sixteen loops, each request as long as chance wants. */
function requestsOf(count: number, random: PythonRandom): TimedRequest[] {
  const freeAt = Array.from({ length: SLOTS }, () => 0);
  return Array.from({ length: count }, (): TimedRequest => {
    const loop = freeAt.indexOf(Math.min(...freeAt));
    const dueMs = freeAt[loop]!;
    const firstMs = 90 + 160 * random.random() ** 3;
    const tokens = 6 + Math.floor(random.random() * 30);
    const pieceAtMs = [dueMs + firstMs];
    while (pieceAtMs.length < tokens) pieceAtMs.push(pieceAtMs.at(-1)! + 14 + 4 * random.random());
    const endMs = pieceAtMs.at(-1)! + 1;
    freeAt[loop] = endMs;
    const sentMs = dueMs + 0.3 * random.random();
    return {
      dueMs,
      sentMs,
      endMs,
      failed: false,
      pieceAtMs,
      promptTokens: 120 + Math.floor(80 * random.random()),
      outputTokens: tokens,
    };
  });
}

function sampleOf(
  scenario: Scenario,
  index: number,
  answer: string | null,
  request: TimedRequest,
  pass: Sample['pass'],
): Sample {
  const { id, category, expected } = scenario;
  const { dueMs, sentMs, endMs, pieceAtMs, promptTokens, outputTokens } = request;
  return {
    schema: 'he300.sample/v1',
    index,
    scenarioId: id,
    category,
    pass,
    expected,
    promptSha256: messagesSha256(messagesFor(HE300_V1, scenario)),
    answer: answer ?? '',
    judgement:
      answer === null
        ? { outcome: 'error', predicted: null, rule: null }
        : judge(answer, scenario, HE300_V1.categories[category].words),
    error: answer === null ? { kind: 'timeout', message: 'no answer in 120 s' } : null,
    attempts: answer === null ? 3 : 1,
    concurrency: SLOTS,
    promptTokens: answer === null ? null : promptTokens,
    outputTokens: answer === null ? null : outputTokens,
    timing: {
      scheduledAt: new Date(SCORING + dueMs).toISOString(),
      queueMs: sentMs - dueMs,
      firstTokenMs: answer === null ? null : pieceAtMs[0]! - dueMs,
      endToEndMs: endMs - dueMs,
    },
  };
}

function resultsOf(
  sample: readonly Scenario[],
  scored: readonly Sample[],
  rescored: readonly Sample[],
  timed: readonly TimedRequest[],
  { spec, dataset }: { readonly spec: Suite['spec']; readonly dataset: string },
): Results {
  const endMs = Math.max(0, ...timed.map((request) => request.endMs));
  const steady = steadyStretch(timed);
  const { telemetry } = exampleResults.performance;
  const asked: Pick<Results, 'suite' | 'prompts' | 'model' | 'generation'> = {
    suite: {
      name: 'he300',
      spec,
      seed: 42,
      scenarios: sample.length,
      sampleSha256: sampleSha256(sample),
      datasetSha256: dataset,
      comparable: spec !== 'starter',
    },
    prompts: identityOf(HE300_V1),
    model: exampleResults.model,
    generation: { temperature: 0, maxTokens: 256, seed: 42 },
  };
  return {
    ...exampleResults,
    ...asked,
    engine: { ...exampleResults.engine, slots: SLOTS },
    startedAt: new Date(STARTED).toISOString(),
    endedAt: new Date(SCORING + Math.ceil(endMs) + 8_000).toISOString(),
    partial:
      scored.length === sample.length
        ? null
        : { reason: 'it was stopped', scored: scored.length / sample.length },
    score: scoreOf(sample, scored, rescored, 42),
    performance: {
      total: windowOf(timed, -1, endMs, { endToEndMs: 700 }),
      steady: steady && windowOf(timed, steady.fromMs, steady.toMs, { endToEndMs: 700 }),
      saturation: searched(),
      concurrencyChanges: exampleResults.performance.concurrencyChanges,
      ...(telemetry ? { telemetry } : {}),
    },
    cost: { ...exampleResults.cost, spentUsd: 0.031, wattHours: 4.2 },
    bindingSha256: bindingSha256(asked, scored),
  };
}

function searched(): Saturation {
  const at = (concurrency: number, tokensPerSecond: number, reason: string) => ({
    concurrency,
    tokensPerSecond,
    requestsPerSecond: tokensPerSecond / 180,
    p95Ms: (concurrency / tokensPerSecond) * 180_000,
    reason,
  });
  return {
    ...exampleResults.performance.saturation,
    evidence: [
      `${SLOTS} slots; by the curve up to them, twice as many would bring 31 % more`,
      'the runner used 0.12 of one core, and its event loop was 1.2 ms late at most in 99 % of the time',
    ],
    chosenConcurrency: SLOTS,
    peakTokensPerSecond: 4_460,
    windows: [
      at(4, 1_790, `a quarter of ${SLOTS} slots`),
      at(8, 3_010, 'doubled from 4'),
      at(16, 4_390, 'all slots'),
      at(20, 4_470, 'doubled from 16'),
      at(20, 4_450, 'to confirm it'),
      at(16, 4_410, 'to confirm it'),
    ],
  };
}

/** Readings once a second through a search and a pass. */
export function exampleTelemetry(): TelemetryLine[] {
  return Array.from({ length: 130 }, (_, i): TelemetryLine => {
    const inFlight = i < 15 ? 4 : i < 30 ? 8 : i < 95 ? 20 : 16;
    const busy = Math.min(1, inFlight / 18) * (0.9 + 0.1 * Math.sin(i));
    return {
      schema: 'he300.telemetry/v1',
      at: new Date(STARTED + i * 1_000).toISOString(),
      seconds: 1,
      during: i < 95 ? `load ${inFlight}` : 'scored',
      client: { cpu: 0.05 + 0.08 * busy, loopDelayP99Ms: 1.2, memoryMib: 110 },
      host: { cpu: 0.2 + 0.1 * busy, memory: 0.4 },
      server: {
        kind: 'vllm',
        running: Math.min(inFlight, SLOTS),
        waiting: Math.max(0, inFlight - SLOTS),
        kvCache: 0.3 * busy,
      },
      gpus: [
        {
          index: 0,
          name: 'NVIDIA A10G',
          smActive: 0.85 * busy,
          dramActive: 0.7 * busy,
          tensorActive: 0.22 * busy,
          utilization: 0.97,
          memoryMib: 9_000,
          powerWatts: 60 + 170 * busy,
          smClockMhz: 1_700,
          memoryClockMhz: 6_251,
          temperatureC: 60,
          throttleReasons: [],
        },
      ],
      energy: { wattHours: i * 0.06, knownSeconds: i, seconds: i },
    };
  });
}

/** Writes what `he300 run` leaves behind, under a key of its own. */
export function writeRun(
  directory: string,
  { results, samples }: { readonly results: Results; readonly samples: readonly Sample[] | null },
): string {
  mkdirSync(directory, { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519');
  const signed = signResults(JSON.stringify(results), privateKey);
  writeFileSync(join(directory, FILES.results), `${JSON.stringify(signed, null, 1)}\n`);
  if (samples)
    writeFileSync(
      join(directory, FILES.samples),
      samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''),
    );
  return directory;
}
