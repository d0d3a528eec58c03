/**
 * Synthesis time of all environments as a ratio to a one-resource app, both measured in turn in this run
 * (`npm run bench:synth [-- ROUNDS]`). Absolute times depend on the machine; the ratio much less.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const GOAL = 2.5;
const PROJECT = join(__dirname, '../..');
const rounds = Number(process.argv[2] ?? 7);

function seconds(app: string): number {
  const outdir = mkdtempSync(join(tmpdir(), 'he300-bench-'));
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', app], {
    cwd: PROJECT,
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    encoding: 'utf8',
  });
  const elapsed = (performance.now() - started) / 1000;
  rmSync(outdir, { recursive: true });
  if (status !== 0) throw new Error(`${app} failed: ${stderr}`);
  return elapsed;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const show = (values: readonly number[]): string =>
  `${median(values).toFixed(2)} s (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;

const [ours, one]: [number[], number[]] = [[], []];
// The first round of each fills tsx's cache and is not counted.
for (const app of ['main.ts', 'test/bench/one-resource.ts']) seconds(app);
for (let round = 0; round < rounds; round++) {
  ours.push(seconds('main.ts'));
  one.push(seconds('test/bench/one-resource.ts'));
}
const ratio = median(ours) / median(one);
console.log(`four environments  ${show(ours)}`);
console.log(`one resource       ${show(one)}`);
console.log(`ratio              ${ratio.toFixed(2)}, goal at most ${GOAL}`);
