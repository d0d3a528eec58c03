import fc from 'fast-check';
import type { z } from 'zod';
import { artifact } from './artifact';
import { MAX_EVENT_BYTES } from './delivery';
import { runEvent, type RunEvent } from './event';
import {
  exampleArtifact,
  exampleEvents,
  exampleGpuProfile,
  exampleHostConfig,
  examplePrompt,
  exampleResults,
  exampleSample,
} from './examples';
import { gpuProfile } from './gpu-profile';
import { hostConfig } from './host-config';
import { promptLine } from './prompt';
import { results } from './results';
import { sample } from './sample';
import { RUN_STATES, stateAfter, TERMINAL_STATES } from './state';

const events = Object.values(exampleEvents);

describe('a message that is not as agreed is refused', () => {
  const { 'run.started': started, 'run.failed': failed } = exampleEvents;
  test.each<[string, z.ZodType, object]>([
    ['an event of no known kind', runEvent, { ...started, type: 'run.exploded' }],
    ['a field nobody knows', runEvent, { ...started, password: 'x' }],
    ['a run of nobody', runEvent, { ...started, runId: '../etc/passwd' }],
    ['a negative sequence number', runEvent, { ...started, seq: -1 }],
    ['a key that is too short', runEvent, { ...started, publicKey: 'AAAA' }],
    ['a local time', runEvent, { ...started, at: '2026-06-17T12:00:00' }],
    ['a cause that forges a line of a log', runEvent, { ...failed, cause: 'done\r\u001b[2K' }],
    ['a part that is more than the whole', runEvent, { ...failed, scored: 1.5 }],
    ['a path instead of a file name', artifact, { ...exampleArtifact, name: '../results.json' }],
    ['a hash in capitals', artifact, { ...exampleArtifact, sha256: 'A'.repeat(64) }],
    [
      'an error without a reason',
      sample,
      { ...exampleSample, judgement: { outcome: 'error', predicted: null, rule: null } },
    ],
    [
      'an unread answer with a prediction',
      sample,
      { ...exampleSample, judgement: { outcome: 'unknown', predicted: 1, rule: null } },
    ],
    ['a prompt of nothing', promptLine, { ...examplePrompt, messages: [] }],
    ['an interval upside down', results, withOverall({ wilson95: { low: 0.9, high: 0.1 } })],
    ['a result of another schema', results, { ...exampleResults, schema: 'he300.results/v2' }],
    [
      'a host without a model',
      hostConfig,
      { ...exampleHostConfig, run: { ...exampleHostConfig.run, models: [] } },
    ],
    [
      'a host whose bundle lies outside the bucket',
      hostConfig,
      { ...exampleHostConfig, bundle: { key: 'https://example.org/x', sha256: exampleArtifact.sha256 } },
    ],
    ['a profile with no memory', gpuProfile, { ...exampleGpuProfile, memoryGib: 0 }],
  ])('%s', (_title, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

function withOverall(change: object): object {
  const { score } = exampleResults;
  return { ...exampleResults, score: { ...score, overall: { ...score.overall, ...change } } };
}

test('every kind of message has an example that passes unchanged', () => {
  for (const event of events) expect(runEvent.parse(event)).toEqual(event);
  expect(promptLine.parse(examplePrompt)).toEqual(examplePrompt);
  expect(sample.parse(exampleSample)).toEqual(exampleSample);
  expect(results.parse(exampleResults)).toEqual(exampleResults);
  expect(artifact.parse(exampleArtifact)).toEqual(exampleArtifact);
  expect(gpuProfile.parse(exampleGpuProfile)).toEqual(exampleGpuProfile);
  expect(hostConfig.parse(exampleHostConfig)).toEqual(exampleHostConfig);
  expect(events.map(({ type }) => type).sort()).toEqual(
    runEvent.options.map((o) => o.shape.type.value).sort(),
  );
});

test('an event whose every text is as long as it may be still fits into a delivery', () => {
  const wide = '語'.repeat(4_000);
  const longest: RunEvent[] = [
    { ...exampleEvents['run.failed'], cause: wide.slice(0, 500), logTail: wide },
    { ...exampleEvents['run.cancelled'], by: wide.slice(0, 100), reason: wide.slice(0, 500) },
    {
      ...exampleEvents['run.started'],
      trigger: {
        kind: 'dispatch',
        actor: wide.slice(0, 100),
        repository: wide.slice(0, 200),
        branch: wide.slice(0, 255),
      },
      model: { ...exampleEvents['run.started'].model, name: wide.slice(0, 200), digest: wide.slice(0, 200) },
    },
  ];
  for (const event of longest) {
    expect(Buffer.byteLength(JSON.stringify(runEvent.parse(event)))).toBeLessThan(MAX_EVENT_BYTES);
  }
});

describe('the state of a run', () => {
  const anyEvent = fc.constantFrom(...events);

  test('no event leaves a terminal state, but for a failed run that another host resumes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TERMINAL_STATES), anyEvent, (state, event) => {
        expect(stateAfter(state, event)).toBe(state);
      }),
    );
    const resumed = { ...exampleEvents['run.started'], resumed: true };
    expect(stateAfter('FAILED', resumed)).toBe('RUNNING');
    expect(stateAfter('COMPLETED', resumed)).toBe('COMPLETED');
    expect(stateAfter('CANCELLED', resumed)).toBe('CANCELLED');
  });

  test('a lost run that speaks again runs, whatever it says first', () => {
    expect(stateAfter('LOST', exampleEvents['run.heartbeat'])).toBe('RUNNING');
    expect(stateAfter('LOST', exampleEvents['run.completed'])).toBe('COMPLETED');
  });

  test('any sequence of events ends in a known state, and repeating the last changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1 }), (sequence) => {
        const end = sequence.reduce(stateAfter, 'PENDING');
        expect(RUN_STATES).toContain(end);
        expect(stateAfter(end, sequence.at(-1)!)).toBe(end);
      }),
    );
  });
});
