/**
 * A model server whose capacity is known, in virtual time, for tests of the search. As in continuous batching, each
 * active request has an equal share of one total rate, and of those whose prompt is not read yet the oldest has the
 * shares of all. The total grows with the number of active requests like that of a GPU which reads its memory once a
 * step. Work differs from request to request, and the rate wavers.
 */
import type { Telemetry } from '../contract/telemetry';
import { PythonRandom } from '../sampling/python-random';
import type { Window } from './search';

export interface Capacity {
  /** Seconds of a step that are spent however many requests share it. */
  readonly stepSeconds: number;
  /** Seconds that each request adds to a step. */
  readonly perRequestSeconds: number;
  /** Tokens that each request gains in a step. */
  readonly tokensPerStep: number;
  readonly slots: number;
  /** From this many active requests on memory is full and requests are preempted: the rate falls to a part, and stays there. */
  readonly cliff?: { readonly active: number; readonly part: number };
  /** Requests that wait for a slot; more are refused, and come back after about `retryAfterSeconds`. */
  readonly queue?: { readonly length: number; readonly retryAfterSeconds: number };
  /** Part of a prompt that costs nothing when the same one was there before. */
  readonly prefixCache?: number;
  /** Standard deviation of the rate, relative. */
  readonly noise: number;
}

/** Total tokens a second with that many requests active. */
export function rate(
  { stepSeconds, perRequestSeconds, tokensPerStep, cliff }: Capacity,
  active: number,
): number {
  if (active === 0) return 0;
  const past = cliff !== undefined && active >= cliff.active;
  const sharing = past ? cliff.active : active;
  const full = (sharing * tokensPerStep) / (stepSeconds + sharing * perRequestSeconds);
  return past ? full * cliff.part : full;
}

export interface Load {
  /** Before a pass begins again with the first. */
  readonly questions: number;
  /** The server never sees a question twice. */
  readonly salted: boolean;
  /** The server has a page of metrics. @default false */
  readonly tellsQueue?: boolean;
}

interface Request {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Work that is left, in tokens. */
  promptLeft: number;
  outputLeft: number;
  readonly startedAt: number;
}

export class SimulatedServer {
  private now = 0;
  private active: Request[] = [];
  private readonly waiting: Request[] = [];
  /** When refused clients come back. */
  private readonly returns: number[] = [];
  private clients = 0;
  private wobble = 1;
  private refusals = 0;
  private asked = 0;
  private tokensDone = 0;
  /** Request-seconds, and the most at once, since the window began. */
  private queue = { running: 0, waiting: 0, mostRunning: 0, mostWaiting: 0 };
  private readonly random: PythonRandom;

  constructor(
    readonly capacity: Capacity,
    seed: number,
    private readonly load: Load = { questions: 300, salted: true },
  ) {
    this.random = new PythonRandom(seed);
  }

  /** Keeps `concurrency` requests in flight for as long as a window takes. */
  window(concurrency: number, turnovers = 3): Window {
    while (this.clients < concurrency) {
      this.clients++;
      this.arrive();
    }
    while (this.clients > concurrency) this.step(concurrency);
    this.complete(concurrency, concurrency);
    const [from, work, refusals] = [this.now, this.credit(), this.refusals];
    this.queue = { running: 0, waiting: 0, mostRunning: 0, mostWaiting: 0 };
    const durations = this.complete(concurrency, Math.max(24, turnovers * concurrency)).sort((a, b) => a - b);
    const seconds = this.now - from;
    return {
      concurrency,
      tokensPerSecond: (this.credit() - work) / seconds,
      requestsPerSecond: durations.length / seconds,
      p95Ms: durations[Math.floor(durations.length * 0.95)]! * 1000,
      refusals: this.refusals - refusals,
      ...(this.load.tellsQueue ? { telemetry: this.seen(seconds) } : {}),
    };
  }

  private seen(seconds: number): Telemetry {
    const { running, waiting, mostRunning, mostWaiting } = this.queue;
    const server = {
      kind: 'vllm' as const,
      running: { mean: running / seconds, p95: mostRunning, max: mostRunning },
      waiting: { mean: waiting / seconds, p95: mostWaiting, max: mostWaiting },
      kvCache: null,
    };
    return { seconds, readings: Math.ceil(seconds), client: null, host: null, server, gpus: null };
  }

  /** As a client can tell: prompts whose first token came, and the output so far. */
  private credit(): number {
    return this.active.reduce(
      (sum, r) => sum + (r.promptLeft <= 0 ? r.promptTokens + r.outputTokens - r.outputLeft : 0),
      this.tokensDone,
    );
  }

  /** Seconds that each of the next `count` requests took. */
  private complete(concurrency: number, count: number): number[] {
    const durations: number[] = [];
    while (durations.length < count) durations.push(...this.step(concurrency));
    return durations;
  }

  /** To the next moment at which something changes. */
  private step(concurrency: number): number[] {
    const each = (rate(this.capacity, this.active.length) * this.wobble) / this.active.length;
    const reading = this.active.filter(({ promptLeft }) => promptLeft > 0);
    const speeds = this.active.map((request) => {
      if (request.promptLeft <= 0) return each;
      return request === reading[0] ? each * reading.length : 0;
    });
    const untilDone = this.active.map(
      ({ promptLeft, outputLeft }, i) => (promptLeft > 0 ? promptLeft : outputLeft) / speeds[i]!,
    );
    const returnAt = Math.min(...this.returns, Infinity);
    const seconds = Math.min(...untilDone, returnAt - this.now);
    this.now += seconds;
    this.observe(seconds);
    this.active.forEach((request, i) => {
      const done = untilDone[i]! <= seconds;
      if (request.promptLeft > 0) request.promptLeft = done ? 0 : request.promptLeft - seconds * speeds[i]!;
      else request.outputLeft = done ? 0 : request.outputLeft - seconds * speeds[i]!;
    });
    this.waver();
    if (returnAt <= this.now) {
      this.returns.splice(this.returns.indexOf(returnAt), 1);
      this.arrive();
    }
    return this.leave(concurrency);
  }

  private observe(seconds: number): void {
    const { running, waiting, mostRunning, mostWaiting } = this.queue;
    this.queue = {
      running: running + this.active.length * seconds,
      waiting: waiting + this.waiting.length * seconds,
      mostRunning: Math.max(mostRunning, this.active.length),
      mostWaiting: Math.max(mostWaiting, this.waiting.length),
    };
  }

  private leave(concurrency: number): number[] {
    const done = this.active.filter(({ outputLeft }) => outputLeft <= 0);
    this.active = this.active.filter(({ outputLeft }) => outputLeft > 0);
    // Those that waited come first, and then whoever asks now.
    const free = this.capacity.slots - this.active.length;
    this.active.push(...this.waiting.splice(0, free));
    return done.map(({ promptTokens, outputTokens, startedAt }) => {
      this.tokensDone += promptTokens + outputTokens;
      if (this.clients > concurrency) this.clients--;
      else this.arrive();
      return this.now - startedAt;
    });
  }

  private arrive(): void {
    const { slots, queue } = this.capacity;
    if (this.active.length < slots) this.active.push(this.request());
    else if (!queue || this.waiting.length < queue.length) this.waiting.push(this.request());
    else {
      this.refusals++;
      this.returns.push(this.now + queue.retryAfterSeconds * (0.5 + this.random.random()));
    }
  }

  private request(): Request {
    const promptTokens = Math.round(150 + 250 * this.random.random());
    const outputTokens = Math.round(5 + 60 * this.random.random() ** 2);
    const repeated = !this.load.salted && this.asked++ >= this.load.questions;
    const promptLeft = promptTokens * (1 - (repeated ? (this.capacity.prefixCache ?? 0) : 0));
    return { promptTokens, outputTokens, promptLeft, outputLeft: outputTokens, startedAt: this.now };
  }

  /** An autoregressive process of the first order. */
  private waver(): void {
    const persistence = 0.9;
    // Nearly normal, with a standard deviation of 1.
    const shock = 2 * (this.random.random() + this.random.random() + this.random.random() - 1.5);
    const spread = this.capacity.noise * Math.sqrt(1 - persistence ** 2);
    this.wobble = 1 + (this.wobble - 1) * persistence + spread * shock;
  }
}
