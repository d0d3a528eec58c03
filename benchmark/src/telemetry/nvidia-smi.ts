/**
 * GPUs of this machine by a running `nvidia-smi`, the program of NVIDIA's driver: power, clocks, memory, why clocks are
 * held down, and a utilization that tells idle from not idle and nothing else.
 *
 * Its tests use a program made from NVIDIA's description of the real one: no GPU was at hand.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as timeout } from 'node:timers/promises';
import type { GpuReading } from '../contract/telemetry-line';
import { NVIDIA_SMI_FIELDS, parseNvidiaSmiLine, REASON_FIELDS } from './nvidia-smi-line';
import type { Reading, Source } from './source';

export interface NvidiaSmiOptions {
  /** @default 1000 */
  readonly intervalMs?: number;
}

/** Older figures belong to another moment. */
const STALE_INTERVALS = 3;

/** A driver that dies again and again is left alone. */
const MOST_STARTS = 4;

const MOST_TO_END_MS = 2_000;

interface Known {
  readonly atMs: number;
  readonly gpu: GpuReading;
}

type Child = ChildProcessByStdio<null, Readable, null>;

export class NvidiaSmi implements Source {
  private readonly gpus = new Map<number, Known>();
  private readonly intervalMs: number;
  private child: Child | undefined;
  private ended: Promise<void> = Promise.resolve();
  private starts = 0;
  private reasonField = 0;
  private closed = false;

  constructor({ intervalMs = 1_000 }: NvidiaSmiOptions = {}) {
    this.intervalMs = intervalMs;
    this.start();
  }

  read(): Reading {
    if (!this.child) this.start();
    const sinceMs = performance.now() - STALE_INTERVALS * this.intervalMs;
    const fresh = [...this.gpus.values()].filter(({ atMs }) => atMs >= sinceMs);
    return fresh.length === 0 ? {} : { gpus: fresh.map(({ gpu }) => gpu).sort((a, b) => a.index - b.index) };
  }

  async close(): Promise<void> {
    this.closed = true;
    const { child } = this;
    // A child that could not be started has no id, and to kill that would kill our own process group.
    if (child?.pid !== undefined) child.kill('SIGKILL');
    // With a GPU that is gone it may hang in the driver, where no signal reaches it: the run does not wait for that.
    await Promise.race([this.ended, timeout(MOST_TO_END_MS, undefined, { ref: false })]);
    child?.stdout.destroy();
    child?.unref();
  }

  private start(): void {
    if (this.closed || this.starts >= MOST_STARTS) return;
    this.starts++;
    const fields = [...NVIDIA_SMI_FIELDS, REASON_FIELDS[this.reasonField]!, 'name'];
    const child = spawn(
      'nvidia-smi',
      [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits', '-lms', String(this.intervalMs)],
      { stdio: ['ignore', 'pipe', 'ignore'], env: process.env },
    );
    this.child = child;
    let understood = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const gpu = parseNvidiaSmiLine(line);
      if (!gpu) return;
      understood = true;
      this.gpus.set(gpu.index, { atMs: performance.now(), gpu });
    });
    this.ended = new Promise((resolve) => {
      // Without the program there is an error and no `close`; with it there may be both.
      child.on('error', () => {
        this.starts = MOST_STARTS;
        this.over(child, resolve);
      });
      child.on('close', () => {
        if (!understood) this.reasonField = (this.reasonField + 1) % REASON_FIELDS.length;
        this.over(child, resolve);
      });
    });
  }

  private over(child: Child, resolve: () => void): void {
    if (this.child === child) this.child = undefined;
    resolve();
  }
}
