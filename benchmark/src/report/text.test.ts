import fc from 'fast-check';
import type { Results } from '../contract/results';
import { identityOf } from '../prompts/prompt-set';
import { SERVER_WORDS } from '../prompts/server-words';
import { notSearched } from '../run/find-concurrency';
import type { Shown } from '../share/shown';
import { efficiencyOf } from './efficiency';
import { exampleRun } from './example-run';
import { textReport } from './text';

const KEY = `${'A'.repeat(43)}=`;
const whole: Shown = { ...exampleRun(), publicKey: KEY };
const changed = (change: Partial<Results>): Shown => ({ ...whole, results: { ...whole.results, ...change } });
const linesOf = (shown: Shown): string[] => textReport(shown).split('\n');

test('every accuracy has its interval, its baseline, and its unknown answers and errors apart', () => {
  const rows = linesOf(whole).filter((line) =>
    /^(?:commonsense|deontology|justice|virtue|overall)\w* +\d/.test(line),
  );
  expect(rows).toHaveLength(6);
  const figures = /^\w+ +\d+ +\d+ +[\d.]+ % +[\d.]+ % to [\d.]+ % +[\d.]+ % +\d+ +\d+$/;
  expect(rows.filter((row) => !figures.test(row))).toEqual([]);
});

test('groups and flips have their intervals', () => {
  const text = textReport(whole);
  for (const category of ['deontology', 'justice', 'virtue'])
    expect(text).toMatch(
      new RegExp(`\\n${category}: \\d+ of \\d+ groups all right, [\\d.]+ % \\(95 % interval `),
    );
  expect(text).toMatch(
    /\nasked again alone: 0 of 6 answers changed, 0\.0 % \(95 % interval 0\.0 % to 39\.0 %\)\n/,
  );
});

test('the verdict has its evidence, and what may have spoiled it or is not known', () => {
  const { evidence, warnings, unknowns } = whole.results.performance.saturation;
  const lines = linesOf(whole);
  expect(lines).toContain('load: limited by slots, 16 in flight, peak 4,460 tokens/s in 6 windows');
  for (const line of evidence) expect(lines).toContain(`  ${line}`);
  expect(lines).toContain(`  warning: ${warnings![0]!}`);
  expect(lines).toContain(`  not known: ${unknowns![0]!}`);
});

test('each latency has its percentiles, total and steady', () => {
  const lines = linesOf(whole);
  for (const name of [
    'first token (TTFT)',
    'between tokens (ITL)',
    'per output token (TPOT)',
    'end to end (E2E)',
  ])
    for (const window of ['total', 'steady']) {
      const line = lines.find((one) => one.startsWith(`${name}, ${window} `))!;
      const values = line
        .slice(name.length + window.length + 2)
        .trim()
        .split(/\s+/)
        .map(Number);
      expect(values).toHaveLength(6);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
});

describe('whom the figures may be held against', () => {
  const suite = { ...whole.results.suite, spec: '1.0' as const, comparable: true };
  test.each<[string, Partial<Results>, RegExp]>([
    [
      'a whole run',
      { suite },
      /^comparable with runs of HE-300 1\.0, seed 42, under the same prompts \(he300 v1\), and with no others$/,
    ],
    [
      'a partial one',
      { suite, partial: { reason: 'it was stopped', scored: 0.5 } },
      /nobody’s: the run is partial$/,
    ],
    ['the starter pack', {}, /nobody’s: the scenarios are a small pack of this project$/],
    [
      'a part of a sample',
      { suite: { ...suite, comparable: false, scenarios: 20 } },
      /nobody’s: only 20 scenarios of the sample/,
    ],
    [
      'a server with prompts of its own',
      { suite, prompts: identityOf(SERVER_WORDS) },
      /on the same server only: it asked in its own words/,
    ],
  ])('%s', (_title, change, expected) => {
    expect(linesOf(changed(change)).filter((line) => /comparable/.test(line))).toEqual([
      expect.stringMatching(expected),
    ]);
  });
});

test.each<[string, Shown, string]>([
  [
    'signed, with answers',
    whole,
    `signature holds, and the answers beside it are the ones it was made from; key ${KEY}`,
  ],
  [
    'signed, alone',
    { ...whole, samples: null },
    `signature holds; no answers beside the results; key ${KEY}`,
  ],
  [
    'anonymized',
    { ...whole, publicKey: null },
    'anonymized copy: the original’s signature held when it was made, and cannot be checked on it',
  ],
])('it says what is proved of a run that is %s', (_title, shown, line) => {
  expect(linesOf(shown)).toContain(line);
});

test('a partial run is marked, and one that asked nothing has no figures that are none', () => {
  expect(linesOf({ ...exampleRun({ asked: 15 }), publicKey: KEY })).toContain(
    'PARTIAL: it was stopped; 25.0 % of the scenarios were asked',
  );
  const empty = textReport({ ...exampleRun({ asked: 0 }), publicKey: KEY });
  expect(empty).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(empty).toContain('\noverall      0        0     0.0 %  0.0 % to 100.0 %');
});

test('a judge is reported with its interval, and said to change nothing', () => {
  const judge: NonNullable<Results['score']['judge']> = {
    model: 'reader',
    prompts: { name: 'he300-judge', version: '1', sha256: 'b'.repeat(64) },
    ...{ asked: 60, agreed: 54, disagreed: 3, unreadable: 2, failed: 1 },
    wilson95: { low: 0.018, high: 0.144 },
    disagreements: [],
  };
  expect(linesOf(changed({ score: { ...whole.results.score, judge } }))).toContain(
    'reader as judge (prompts he300-judge v1) read 3 of 57 answers otherwise than the rules, 5.3 % (95 % interval 1.8 % to 14.4 %); 2 of its replies unreadable, 1 failed; no score rests on it',
  );
});

test('no text of a server adds a line, or a character that a terminal obeys', () => {
  const { performance, model, engine } = whole.results;
  const with_ = (text: string): string =>
    textReport(
      changed({
        model: { ...model, name: text },
        engine: { ...engine, server: text },
        performance: { ...performance, saturation: { ...notSearched(1), evidence: [text] } },
      }),
    );
  const lines = with_('x').split('\n').length;
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('\n', '\u009b2J', '\u2028', '\t', 'x'),
      (text, bad) => {
        const report = with_(`${bad}${text}`);
        expect(report.split('\n')).toHaveLength(lines);
        expect(report.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      },
    ),
  );
});

describe('scenarios for their cost', () => {
  const { performance, score } = whole.results;
  const tenASecond = { ...performance.total, requestsPerSecond: 10 };
  const run = (cost: Partial<Results['cost']>, change: Partial<Results['performance']> = {}): Results => ({
    ...whole.results,
    startedAt: '2026-06-17T12:00:00.000Z',
    endedAt: '2026-06-17T12:01:00.000Z',
    cost: {
      usdPerHour: null,
      capUsd: null,
      timeLimitMinutes: null,
      spentUsd: null,
      wattHours: null,
      ...cost,
    },
    performance: { ...performance, steady: tenASecond, ...change },
  });

  test('are what the rates, the price and the power say', () => {
    expect(score.overall.scenarios).toBe(60);
    expect(efficiencyOf(run({ usdPerHour: 1.2, spentUsd: 0.02, wattHours: 3 }))).toEqual({
      scoring: { perSecond: 10, perUsd: 30_000, perWattHour: 200 },
      wholeRun: { perSecond: 1, perUsd: 3_000, perWattHour: 20 },
    });
  });

  test('are not known without a price, a power, or anything spent', () => {
    const gpu = { ...performance.telemetry!.gpus![0]!, powerWatts: null };
    const telemetry = { ...performance.telemetry!, gpus: [performance.telemetry!.gpus![0]!, gpu] };
    expect(
      efficiencyOf(run({ spentUsd: 0, wattHours: 0 }, { telemetry, steady: null, total: tenASecond })),
    ).toEqual({
      scoring: { perSecond: 10, perUsd: null, perWattHour: null },
      wholeRun: { perSecond: 1, perUsd: null, perWattHour: null },
    });
  });
});
