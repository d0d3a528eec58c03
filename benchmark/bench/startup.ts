/**
 * How long the bundle takes to start and print its version, as a ratio to `node -e 0`, both in turn in this run
 * (`npm run bench:startup [-- ROUNDS]`), and how large it is.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { buildRunnerBundle } from '../../ops/lib/bundle';

const GOAL = 2;
const GOAL_BYTES = 1_000_000;
const rounds = Number(process.argv[2] ?? 21);

function seconds(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const elapsed = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return elapsed;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const show = (values: readonly number[]): string => {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    (value * 1000).toFixed(0),
  );
  return `${middle} ms (${least} to ${most})`;
};

const { path } = buildRunnerBundle();
const [ours, bare]: [number[], number[]] = [[], []];
// The first round fills the file cache and is not counted.
for (let round = 0; round <= rounds; round++) {
  const [one, other] = [seconds([path, '--version']), seconds(['-e', '0'])];
  if (round === 0) continue;
  ours.push(one);
  bare.push(other);
}
// Pair by pair: a machine that grows slower meanwhile slows both.
const ratios = ours.map((value, round) => value / bare[round]!);
console.log(`he300 --version  ${show(ours)}`);
console.log(`node -e 0        ${show(bare)}`);
console.log(`ratio            ${median(ratios).toFixed(2)}, goal at most ${GOAL}`);
const bytes = gzipSync(readFileSync(path), { level: 9 }).length;
console.log(`gzipped          ${bytes} bytes, goal at most ${GOAL_BYTES}`);
