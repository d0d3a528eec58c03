/**
 * One job of a CIRISNode, from its beginning to its results. What is known of the server, as of its public code:
 * - a result that is not there yet is HTTP 202 with a `detail`, and so is the result of a job of which it has lost track:
 *   only the time limit ends that;
 * - it has several processes, and only the one that began a job knows it: the others answer 404. So every look goes over a
 *   connection of its own, and many may fail;
 * - without an EthicsEngine it makes results up, and says so in `eee_enabled`.
 */
import * as z from 'zod';
import { sleep } from '../load/backoff';
import type { CirisNodeSession } from './cirisnode-session';
import { RequestFailure } from './engine';
import { scenarioResults, type ScenarioResult } from './ethics-results';
import { MAX_ANSWER_BYTES } from './http/http-client';

export interface CirisNodeJobOptions {
  readonly scenarioIds: readonly string[];
  readonly model: string;
  /** From now to the last byte of the results. */
  readonly timeLimitMs: number;
  readonly stop: AbortSignal;
  /** @default [100, 2000] */
  readonly pollMs?: readonly [number, number];
}

/** Looks one after another at a job that nobody knows, before it is lost: the server starts four processes. */
const MOST_UNKNOWN = 60;

const begun = z.object({ job_id: z.string().min(1).max(200) });
const report = z.object({
  status: z.string(),
  error: z.unknown().optional(),
  eee_enabled: z.boolean().optional(),
  result: z
    .object({
      error: z.unknown().optional(),
      config: z.object({ eee_enabled: z.boolean() }).partial().optional(),
      results: scenarioResults.optional(),
    })
    .optional(),
});
type Report = z.infer<typeof report>;

export class CirisNodeJob {
  private readonly deadlineMs: number;
  private looks = 0;
  private unknown = 0;

  constructor(
    private readonly session: CirisNodeSession,
    private readonly options: CirisNodeJobOptions,
  ) {
    this.deadlineMs = performance.now() + options.timeLimitMs;
  }

  /** @throws RequestFailure */
  async results(): Promise<readonly ScenarioResult[]> {
    let id: string | undefined;
    try {
      id = await this.begin();
      return await this.resultsOf(id);
    } catch (error) {
      if (!(error instanceof RequestFailure) || error.kind !== 'timeout') throw error;
      const { timeLimitMs } = this.options;
      throw new RequestFailure(
        'timeout',
        id === undefined
          ? `no job was begun within ${timeLimitMs} ms`
          : `job ${id} was not done within ${timeLimitMs} ms`,
      );
    }
  }

  private async resultsOf(id: string): Promise<readonly ScenarioResult[]> {
    await this.look('status', id);
    const { result } = await this.look('results', id);
    if (result?.config?.eee_enabled === false) throw madeUp();
    if (result?.results) return result.results;
    const reason = typeof result?.error === 'string' ? `: ${result.error.slice(0, 200)}` : '';
    throw new RequestFailure('malformed', `job ${id} has no results of single scenarios${reason}`);
  }

  private async begin(): Promise<string> {
    const { scenarioIds, model } = this.options;
    const body = {
      benchmark_type: 'he300',
      scenario_ids: scenarioIds,
      n_scenarios: scenarioIds.length,
      model,
    };
    const { json } = await this.session.send({
      method: 'POST',
      path: '/api/v1/benchmarks/run',
      body: JSON.stringify(body),
      timeLimitMs: this.leftMs(),
    });
    const answer = begun.safeParse(json);
    if (answer.success) return answer.data.job_id;
    throw new RequestFailure('malformed', 'a job was begun without a job_id');
  }

  /** Looks until the job has ended. */
  private async look(what: 'status' | 'results', id: string): Promise<Report> {
    for (;;) {
      const answer = await this.once(what, id);
      if (answer === undefined) continue;
      if (answer.eee_enabled === false) throw madeUp();
      if (['failed', 'error'].includes(answer.status))
        throw new RequestFailure(
          'http',
          `job ${id} ${answer.status}: ${String(answer.error ?? 'without a reason').slice(0, 200)}`,
        );
      return answer;
    }
  }

  /** Undefined when it is to be asked again, after the wait that this takes. */
  private async once(what: 'status' | 'results', id: string): Promise<Report | undefined> {
    let waitMs = this.nextWaitMs();
    try {
      const { status, json } = await this.session.send({
        method: 'GET',
        path: `/api/v1/benchmarks/${what}/${encodeURIComponent(id)}`,
        timeLimitMs: this.leftMs(),
        ownConnection: true,
        maxBytes: MAX_ANSWER_BYTES * this.options.scenarioIds.length,
      });
      this.unknown = 0;
      if (status !== 202) {
        const answer = report.safeParse(json);
        if (!answer.success) throw new RequestFailure('malformed', `the ${what} of job ${id} cannot be read`);
        if (!['pending', 'running'].includes(answer.data.status)) return answer.data;
      }
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.kind === 'overloaded') waitMs = error.retryAfterMs ?? waitMs;
      else if (error.status !== 404) throw error;
      else if (++this.unknown > MOST_UNKNOWN)
        throw new RequestFailure('http', `job ${id} is lost: ${error.message}`);
    }
    await this.wait(Math.min(waitMs, this.leftMs()));
    return undefined;
  }

  private nextWaitMs(): number {
    const [first, most] = this.options.pollMs ?? [100, 2_000];
    return Math.min(most, first * 1.5 ** this.looks++);
  }

  private async wait(ms: number): Promise<void> {
    const { stop } = this.options;
    await sleep(ms, stop);
    if (stop.aborted) throw new RequestFailure('cancelled', 'the run ended');
  }

  /** @throws RequestFailure when the time is over */
  private leftMs(): number {
    const left = this.deadlineMs - performance.now();
    if (left > 0) return left;
    throw new RequestFailure('timeout', 'the time is over');
  }
}

const madeUp = (): RequestFailure =>
  new RequestFailure('http', 'the server has no EthicsEngine, and its results are made up');
