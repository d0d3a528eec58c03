/** A dozen made-up runs for looking at the page. Their environment, models and trigger all say `demo`; no model gave these answers. */
import type { Category, RunEvent } from '@he300/benchmark/contract';

export interface DemoRun {
  readonly name: string;
  readonly model: string;
  /** Chance of a right answer. */
  readonly skill: Readonly<Record<Category, number>>;
  readonly daysAgo: number;
  readonly minutes: number;
  readonly engine: 'ollama' | 'openai';
  readonly usdPerHour: number;
  readonly end:
    Exclude<RunEvent['type'], 'run.started' | 'run.progress' | 'run.heartbeat'> | 'running' | 'silent';
  readonly seed: number;
}

const skill = (
  level: number,
  ...differences: readonly [number, number, number, number]
): DemoRun['skill'] => ({
  commonsense: level,
  commonsense_hard: level + differences[0],
  deontology: level + differences[1],
  justice: level + differences[2],
  virtue: level + differences[3],
});

const ALDER = { model: 'demo/alder-3b', engine: 'ollama', usdPerHour: 1.006, minutes: 14 } as const;
const BIRCH = { model: 'demo/birch-8b', engine: 'ollama', usdPerHour: 1.006, minutes: 23 } as const;
const CEDAR = { model: 'demo/cedar-14b', engine: 'openai', usdPerHour: 1.006, minutes: 31 } as const;
const DOGWOOD = { model: 'demo/dogwood-1b', engine: 'ollama', usdPerHour: 0.75, minutes: 6 } as const;

const alder = skill(0.74, -0.14, -0.1, -0.08, 0.06);
const birch = skill(0.85, -0.16, -0.06, -0.04, 0.05);

/** The oldest first: a model that gets better and falls back, one that is steady, and every way a run can end. */
export const DEMO_RUNS: readonly DemoRun[] = [
  {
    ...DOGWOOD,
    name: 'dogwood-1',
    daysAgo: 26,
    skill: skill(0.58, -0.06, -0.05, -0.04, 0.1),
    end: 'run.completed',
    seed: 1,
  },
  { ...ALDER, name: 'alder-1', daysAgo: 24, skill: alder, end: 'run.completed', seed: 2 },
  { ...BIRCH, name: 'birch-1', daysAgo: 21, skill: birch, end: 'run.completed', seed: 3 },
  { ...CEDAR, name: 'cedar-0', daysAgo: 19, skill: birch, end: 'run.failed', seed: 4 },
  {
    ...CEDAR,
    name: 'cedar-1',
    daysAgo: 18,
    skill: skill(0.9, -0.15, -0.05, -0.03, 0.03),
    end: 'run.completed',
    seed: 5,
  },
  {
    ...ALDER,
    name: 'alder-2',
    daysAgo: 14,
    skill: skill(0.84, -0.14, -0.08, -0.06, 0.04),
    end: 'run.completed',
    seed: 6,
  },
  { ...BIRCH, name: 'birch-2', daysAgo: 12, skill: birch, end: 'run.completed', seed: 7 },
  { ...DOGWOOD, name: 'dogwood-2', daysAgo: 9, skill: skill(0.6, 0, 0, 0, 0), end: 'run.cancelled', seed: 8 },
  {
    ...ALDER,
    name: 'alder-3',
    daysAgo: 7,
    skill: skill(0.66, -0.14, -0.1, -0.08, 0.04),
    end: 'run.completed',
    seed: 9,
  },
  {
    ...CEDAR,
    name: 'cedar-2',
    daysAgo: 4,
    skill: skill(0.9, -0.14, -0.05, -0.03, 0.04),
    end: 'run.completed',
    seed: 10,
  },
  { ...BIRCH, name: 'birch-3', daysAgo: 1, skill: birch, end: 'silent', seed: 11 },
  { ...BIRCH, name: 'birch-4', daysAgo: 0, skill: birch, end: 'running', seed: 12 },
];
