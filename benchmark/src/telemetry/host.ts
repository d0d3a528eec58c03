/** Processors and memory of this machine: `/proc/stat` and `/proc/meminfo` of proc(5), or what `node:os` has of them elsewhere. */
import { readFileSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import type { HostReading } from '../contract/telemetry-line';
import type { Reading, Source } from './source';

export interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

export class Host implements Source {
  private before: CpuTimes | undefined;

  /** @param proc for tests */
  constructor(private readonly proc = '/proc') {
    this.before = this.times();
  }

  read(): Reading {
    const now = this.times();
    const host: HostReading = { cpu: busyPart(this.before, now), memory: this.memory() };
    this.before = now;
    return { host };
  }

  close(): void {}

  private times(): CpuTimes | undefined {
    const text = textOf(`${this.proc}/stat`);
    return text === undefined ? osTimes() : parseStat(text);
  }

  private memory(): number | null {
    const text = textOf(`${this.proc}/meminfo`);
    return text === undefined ? 1 - freemem() / totalmem() : parseMeminfo(text);
  }
}

/** Null when no time has passed, or the counters went backwards. */
export function busyPart(before: CpuTimes | undefined, now: CpuTimes | undefined): number | null {
  if (!before || !now) return null;
  const [busy, total] = [now.busy - before.busy, now.total - before.total];
  return total > 0 && busy >= 0 && busy <= total ? busy / total : null;
}

/** Of the line `cpu`: all but idle and waiting for disks. The times of guests stand in those of users already. */
export function parseStat(text: string): CpuTimes | undefined {
  const line = /^cpu +([\d ]+)$/m.exec(text);
  if (!line) return undefined;
  const times = line[1]!.trim().split(/ +/).map(Number).slice(0, 8);
  if (times.length < 4) return undefined;
  const total = times.reduce((sum, time) => sum + time, 0);
  return { busy: total - times[3]! - (times[4] ?? 0), total };
}

/** Part that is used, without what the kernel would free at once. Null when it does not say. */
export function parseMeminfo(text: string): number | null {
  const kib = (name: string): number | undefined => {
    const found = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text);
    return found ? Number(found[1]) : undefined;
  };
  const [total, available] = [kib('MemTotal'), kib('MemAvailable')];
  if (!total || available === undefined || available > total) return null;
  return 1 - available / total;
}

function osTimes(): CpuTimes {
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq;
    busy += all;
    total += all + times.idle;
  }
  return { busy, total };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
