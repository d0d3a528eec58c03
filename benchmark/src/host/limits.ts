/** When the host must stop, and when the cloud ends it: fixed at its first start, so that a restart gives it no more time. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { HostConfig } from '../contract/host-config';

const limits = z.object({
  launchedAt: z.iso.datetime(),
  /** The run is stopped. */
  stopAt: z.iso.datetime(),
  /** The cloud ends the host. */
  limitAt: z.iso.datetime(),
});
export type Limits = z.infer<typeof limits>;

const FILE = 'armed.json';

/** From when the machine was booted, which is shortly after its launch; read back when the host was armed before. */
export function arm(
  directory: string,
  config: Pick<HostConfig, 'timeLimitMinutes' | 'graceMinutes'>,
): Limits {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const before = readLimits(directory);
  if (before) return before;
  const armed = limitsFrom(new Date(Date.now() - uptime() * 1000), config);
  return keep(directory, armed);
}

/** The launch as the cloud tells it, when that is earlier than what was known. */
export function tighten(
  directory: string,
  known: Limits,
  launchedAt: Date | null,
  config: Pick<HostConfig, 'timeLimitMinutes' | 'graceMinutes'>,
): Limits {
  if (launchedAt === null || !(launchedAt.getTime() < Date.parse(known.launchedAt))) return known;
  return keep(directory, limitsFrom(launchedAt, config));
}

function limitsFrom(launchedAt: Date, config: Pick<HostConfig, 'timeLimitMinutes' | 'graceMinutes'>): Limits {
  const { timeLimitMinutes, graceMinutes } = config;
  const after = (minutes: number): string => new Date(launchedAt.getTime() + minutes * 60_000).toISOString();
  return {
    launchedAt: launchedAt.toISOString(),
    stopAt: after(timeLimitMinutes - graceMinutes),
    limitAt: after(timeLimitMinutes),
  };
}

function readLimits(directory: string): Limits | undefined {
  try {
    return limits.parse(JSON.parse(readFileSync(join(directory, FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

function keep(directory: string, armed: Limits): Limits {
  const path = join(directory, FILE);
  writeFileSync(`${path}.new`, JSON.stringify(armed), { flush: true });
  renameSync(`${path}.new`, path);
  return armed;
}
