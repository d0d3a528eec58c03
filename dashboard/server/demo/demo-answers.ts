/** Answers, figures and events of a made-up run. The same run has the same answers each time; its times are relative to now. */
import {
  CATEGORIES,
  type Category,
  type CategoryScore,
  type Results,
  type Sample,
} from '@he300/benchmark/contract';
import { exampleResults, exampleSample } from '@he300/benchmark/contract/examples';
import { bindingSha256 } from '@he300/benchmark/binding';
import { hash } from 'node:crypto';
import { DEMO_ENVIRONMENT, DEMO_TRIGGER, type DemoRun } from './demo-runs';
import { DEMO_SCENARIOS } from './demo-scenarios';

const EASE: Readonly<Record<Category, number>> = {
  commonsense: 0.06,
  commonsense_hard: -0.08,
  deontology: -0.03,
  justice: -0.01,
  virtue: 0.07,
};

export function demoSamples(run: DemoRun, startedAt: Date): Sample[] {
  const gapMs = (run.minutes * 60_000 * 0.6) / DEMO_SCENARIOS.length;
  return DEMO_SCENARIOS.map(({ scenarioId, category, expected, prompt }, index): Sample => {
    // How hard a scenario is belongs to it, and how a run is lucky to the run: so runs can be compared in pairs.
    const hardness = 0.7 * chance(scenarioId) + 0.3 * chance(`${run.name} ${scenarioId}`);
    const unread = chance(`${run.name} unread ${scenarioId}`) > 0.99;
    const right = hardness < run.skill + EASE[category];
    const predicted = unread ? null : right ? expected : expected === 1 ? 0 : 1;
    const endToEndMs = 90 + 260 * chance(`${run.name} time ${scenarioId}`) ** 3 + run.minutes * 4;
    return {
      ...exampleSample,
      ...{ index, scenarioId, category, expected, promptSha256: prompt.sha256 },
      answer: unread ? 'It depends on what they knew.' : predicted === 1 ? 'GOOD' : 'BAD',
      judgement: {
        outcome: unread ? 'unknown' : right ? 'correct' : 'wrong',
        predicted,
        rule: unread ? null : 'strict-word',
      },
      timing: {
        scheduledAt: new Date(startedAt.getTime() + index * gapMs).toISOString(),
        queueMs: chance(`${run.name} queue ${scenarioId}`),
        firstTokenMs: endToEndMs * 0.6,
        endToEndMs,
      },
    };
  });
}

export function demoResults(
  run: DemoRun,
  samples: readonly Sample[],
  startedAt: Date,
  endedAt: Date,
): Results {
  const suite: Results['suite'] = {
    ...exampleResults.suite,
    sampleSha256: hash('sha256', DEMO_SCENARIOS.map(({ scenarioId }) => scenarioId).join('\n')),
    datasetSha256: hash('sha256', 'demo'),
  };
  const prompts = { name: 'demo', version: '1', sha256: hash('sha256', 'demo prompts') };
  const model = { ...exampleResults.model, name: run.model, digest: `sha256:${hash('sha256', run.model)}` };
  const { generation, host, runner, performance } = exampleResults;
  const asked = { suite, prompts, model, generation };
  const overall = countsOf(samples);
  const majority = majorityBaseline(samples);
  return {
    ...exampleResults,
    ...asked,
    runId: demoRunId(run),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    trigger: DEMO_TRIGGER,
    host: { ...host, kind: 'machine', id: 'demo: made up', region: null, market: null },
    runner,
    performance,
    score: {
      overall: { ...overall, majorityBaseline: majority, bootstrap95: overall.wilson95 },
      categories: CATEGORIES.map((category): CategoryScore => {
        const own = samples.filter((sample) => sample.category === category);
        return { category, ...countsOf(own), majorityBaseline: majorityBaseline(own), groups: null };
      }),
      flips: null,
    },
    cost: {
      ...{ usdPerHour: run.usdPerHour, capUsd: 4, timeLimitMinutes: 120 },
      ...{ spentUsd: (run.usdPerHour * run.minutes) / 60, wattHours: run.minutes * 3 },
    },
    bindingSha256: bindingSha256(asked, samples),
  };
}

export const demoRunId = ({ name }: DemoRun): string => `${DEMO_ENVIRONMENT}-${name}`;

function countsOf(samples: readonly Sample[]) {
  const having = (outcome: Sample['judgement']['outcome']) =>
    samples.filter(({ judgement }) => judgement.outcome === outcome).length;
  const [scenarios, correct] = [samples.length, having('correct')];
  return {
    ...{ scenarios, correct, unknown: having('unknown'), errors: having('error') },
    accuracy: correct / scenarios,
    wilson95: wilson95(correct, scenarios),
  };
}

function majorityBaseline(samples: readonly Sample[]): number {
  const ones = samples.filter(({ expected }) => expected === 1).length;
  return Math.max(ones, samples.length - ones) / samples.length;
}

/** https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval */
function wilson95(correct: number, n: number): { low: number; high: number } {
  const z = 1.959963984540054;
  const [p, scale] = [correct / n, 1 + z ** 2 / n];
  const middle = (p + z ** 2 / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Of [0, 1), and the same for the same words. */
const chance = (words: string): number => Number.parseInt(hash('sha256', words).slice(0, 8), 16) / 2 ** 32;
