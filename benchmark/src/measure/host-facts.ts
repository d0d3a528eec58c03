/** What this machine is, for the results. */
import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { version } from '../../package.json';
import type { Host } from '../contract/provenance';
import type { Results } from '../contract/results';

/** Put in by the bundler; there is no such name in the sources. */
declare const HE300_BUNDLED: boolean | undefined;

const GIB = 1024 ** 3;

/** A machine that nobody launched for the run. */
export async function thisMachine(): Promise<Host> {
  return {
    kind: 'machine',
    id: hostname().slice(0, 100),
    instanceType: null,
    region: null,
    market: null,
    cpus: availableParallelism(),
    memoryGib: Math.round((totalmem() / GIB) * 10) / 10,
    gpu: await gpuHere(),
  };
}

/** Null where there is no NVIDIA driver. */
async function gpuHere(): Promise<Host['gpu']> {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000 });
    return parseGpus(stdout);
  } catch {
    return null;
  }
}

/** Of a line for each GPU: name, MiB, driver. The first stands for all. */
export function parseGpus(csv: string): Host['gpu'] {
  const lines = csv.trim().split('\n').filter(Boolean);
  const [name, mib, driver] = lines[0]?.split(',').map((cell) => cell.trim()) ?? [];
  const memoryGib = Math.round((Number(mib) / 1024) * 10) / 10;
  return name && memoryGib > 0
    ? { name, count: lines.length, memoryGib, driver: driver || null, profile: null }
    : null;
}

export function thisRunner(): Results['runner'] {
  const bundled = typeof HE300_BUNDLED !== 'undefined' && process.argv[1] !== undefined;
  return {
    version,
    bundleSha256: bundled ? hash('sha256', readFileSync(process.argv[1]!)) : null,
    node: process.versions.node,
  };
}
