/** A dozen made-up runs to look at the page with. Environment, models and trigger all say `demo`: no model gave these answers. */
import type { RunEvent } from '@he300/benchmark/contract';

export interface DemoRun {
  readonly name: string;
  readonly model: string;
  /** Chance of a right answer, before what its category adds. */
  readonly skill: number;
  readonly daysAgo: number;
  readonly minutes: number;
  readonly usdPerHour: number;
  /** How it ends; `running` and `silent` do not: one still speaks, the other has stopped to. */
  readonly end: 'completed' | 'failed' | 'cancelled' | 'running' | 'silent';
}

export const DEMO_ENVIRONMENT = 'demo';

export const DEMO_TRIGGER: Extract<RunEvent, { type: 'run.started' }>['trigger'] = {
  kind: 'manual',
  actor: 'seed-demo: made up',
};

const ALDER = { model: 'demo/alder-3b', minutes: 14, usdPerHour: 1.006 };
const BIRCH = { model: 'demo/birch-8b', minutes: 23, usdPerHour: 1.006 };
const CEDAR = { model: 'demo/cedar-14b', minutes: 31, usdPerHour: 1.624 };
const DOGWOOD = { model: 'demo/dogwood-1b', minutes: 6, usdPerHour: 0.75 };

/** The oldest first: one model rises and falls back, others stay, and every way a run can end is there. */
export const DEMO_RUNS: readonly DemoRun[] = [
  { ...DOGWOOD, name: 'dogwood-1', daysAgo: 26, skill: 0.57, end: 'completed' },
  { ...ALDER, name: 'alder-1', daysAgo: 24, skill: 0.7, end: 'completed' },
  { ...BIRCH, name: 'birch-1', daysAgo: 21, skill: 0.81, end: 'completed' },
  { ...CEDAR, name: 'cedar-1', daysAgo: 19, skill: 0.87, end: 'failed' },
  { ...CEDAR, name: 'cedar-2', daysAgo: 18, skill: 0.87, end: 'completed' },
  { ...ALDER, name: 'alder-2', daysAgo: 14, skill: 0.82, end: 'completed' },
  { ...BIRCH, name: 'birch-2', daysAgo: 12, skill: 0.81, end: 'completed' },
  { ...DOGWOOD, name: 'dogwood-2', daysAgo: 9, skill: 0.57, end: 'cancelled' },
  { ...ALDER, name: 'alder-3', daysAgo: 7, skill: 0.64, end: 'completed' },
  { ...CEDAR, name: 'cedar-3', daysAgo: 4, skill: 0.88, end: 'completed' },
  { ...BIRCH, name: 'birch-3', daysAgo: 1, skill: 0.81, end: 'silent' },
  { ...BIRCH, name: 'birch-4', daysAgo: 0, skill: 0.81, end: 'running' },
];
