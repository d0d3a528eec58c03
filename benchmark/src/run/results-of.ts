/** From what a run did and saw to what its results say. */
import { performance as clock } from 'node:perf_hooks';
import type { Saturation } from '../contract/performance';
import { RESULTS_SCHEMA, type Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { JudgeScore } from '../contract/score';
import type { Scenario } from '../contract/suite';
import type { Telemetry } from '../contract/telemetry';
import { windowOf } from '../measure/performance-window';
import { steadyStretch } from '../measure/steady-state';
import { scoreOf } from '../scoring/score';
import { bindingSha256 } from './binding';
import { type PassReport, utc } from './pass';
import type { Plan } from './plan';

export interface Outcome {
  /** In its order. */
  readonly sample: readonly Scenario[];
  /** Of every pass so far. */
  readonly samples: readonly Sample[];
  readonly saturation: Saturation;
  /** Of the scored pass. */
  readonly report: PassReport;
  /** Of the machines, during the scored pass. */
  readonly telemetry: Telemetry;
  readonly wattHours: number | null;
  /** Undefined when no judge was asked. */
  readonly judge: JudgeScore | undefined;
  /** Whether nothing is left to do. */
  readonly isWhole: boolean;
}

export function resultsOf(plan: Plan, outcome: Outcome): Results {
  const { sample, samples, saturation, report, telemetry, wattHours, judge, isWhole } = outcome;
  const { runId, startedAt, trigger, suite, prompts, model, engine, generation, host, runner, price } = plan;
  const scored = samples.filter(({ pass }) => pass === 'scored');
  const rescored = samples.filter(({ pass }) => pass === 'rescored');
  const { requests, changes, startedMs, endedMs } = report;
  const steady = steadyStretch(requests);
  const wanted = Object.keys(plan.objective).length > 0 ? plan.objective : undefined;
  return {
    schema: RESULTS_SCHEMA,
    runId,
    startedAt,
    endedAt: utc(clock.now()),
    partial: isWhole
      ? null
      : { reason: 'it was stopped', scored: sample.length === 0 ? 0 : scored.length / sample.length },
    trigger,
    suite,
    prompts,
    model,
    engine,
    generation,
    host,
    runner,
    score: { ...scoreOf(sample, scored, rescored, suite.seed), ...(judge ? { judge } : {}) },
    performance: {
      total: windowOf(requests, startedMs, endedMs, wanted),
      steady: steady && windowOf(requests, steady.fromMs, steady.toMs, wanted),
      saturation,
      concurrencyChanges: changes.map(({ atMs, from, to, reason }) => ({
        atSeconds: Math.max(0, atMs - startedMs) / 1000,
        from,
        to,
        reason: reason.slice(0, 300),
      })),
      telemetry,
    },
    cost: { ...price, spentUsd: spentUsd(plan), wattHours },
    bindingSha256: bindingSha256(plan, scored),
  };
}

/** For the host since the run began; null where nothing is paid. */
export function spentUsd({ price, startedAt }: Plan): number | null {
  if (price.usdPerHour === null) return null;
  const hours = Math.max(0, Date.parse(utc(clock.now())) - Date.parse(startedAt)) / 3_600_000;
  return price.usdPerHour * hours;
}
