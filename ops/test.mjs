// The project's one test command. Runs every step even when one fails; its last line is `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const STATE = join(PROJECT, '.he300');

const options = readOptions();

const check = (name, program, ...args) => ({ name, run: () => runCheck(program, args) });
const suite = (name, ...args) => ({ name, run: () => runJest(name, args) });

const types = check('types', 'tsc', '-p', '.');
const pageTypes = check('page types', 'tsc', '-p', 'dashboard/web');
const lint = check('lint', 'eslint', '.', '--cache', '--cache-location', '.he300/eslint/');
const format = check('format', 'prettier', '--check', '.', '--cache', '--cache-location', '.he300/prettier');
const unit = suite('unit', '--maxWorkers=2');
// These start Terraform and emulators, which already use more than one core.
const integration = suite('integration', '--runInBand');
const e2e = suite('e2e', '--runInBand');
const faults = (project) => suite(project, '--runInBand', '--testPathPatterns', `test/${project}/fault`);
// Faults that take minutes by their nature, such as a store that is gone for two.
const soak = suite('soak', '--runInBand');
const vm = suite('e2e', '--runInBand', '--testPathPatterns', 'test/e2e/.*vm');

function stepsToRun() {
  if (options.fast) return [types, pageTypes, lint, format, unit];
  if (options.soak) return [faults('integration'), faults('e2e'), soak];
  if (options.vm) return [vm];
  return [types, pageTypes, lint, format, unit, integration, e2e];
}

const outcomes = [];
// Nothing can run without what setup installs, so its failure is the only one that stops the rest.
const ready = (await start(process.execPath, ['ops/setup.mjs'])) === 0;
if (!ready) outcomes.push({ name: 'setup', passed: 0, failed: 1, skipped: [], seconds: 0 });

for (const { name, run } of ready ? stepsToRun() : []) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  outcomes.push({ name, ...(await run()), seconds: (Date.now() - started) / 1000 });
}
process.exitCode = report(outcomes);

function readOptions() {
  try {
    const flag = { type: 'boolean' };
    return parseArgs({ options: { fast: flag, soak: flag, vm: flag } }).values;
  } catch (error) {
    console.error(`test: ${error.message}; allowed: --fast, --soak, --vm`);
    process.exit(2);
  }
}

/** A check that knows no single tests counts as one. */
async function runCheck(program, args) {
  const ok = (await start(bin(program), args)) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] };
}

async function runJest(project, args) {
  mkdirSync(STATE, { recursive: true });
  const file = join(STATE, `jest-${project}.json`);
  rmSync(file, { force: true });
  const fixed = ['--selectProjects', project, '--passWithNoTests', '--json', '--outputFile', file];
  const code = await start(bin('jest'), [...fixed, ...args]);
  const counted = existsSync(file)
    ? countTests(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: [] };
  // A run that failed without a failed test has crashed, and must not look like a success.
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function countTests({ testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  // A file that could not be loaded has failed but lists no test.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const having = (status) => tests.filter((test) => test.status === status);
  return {
    passed: having('passed').length,
    failed: having('failed').length + broken.length,
    skipped: [...having('pending'), ...having('todo')].map(({ fullName }) => fullName),
  };
}

function report(steps) {
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  console.log('\nstep            passed  failed  skipped  seconds');
  for (const { name, passed, failed, skipped, seconds } of steps) {
    const cells = [
      String(passed).padStart(6),
      String(failed).padStart(6),
      String(skipped.length).padStart(7),
    ];
    console.log([name.padEnd(14), ...cells, seconds.toFixed(1).padStart(7)].join('  '));
  }
  const skipped = steps.flatMap((step) => step.skipped);
  if (skipped.length > 0) console.log(`\nskipped:\n${skipped.map((title) => `  ${title}`).join('\n')}`);
  const failed = sum(steps.map((step) => step.failed));
  console.log(
    `\n${sum(steps.map((step) => step.passed))} passed, ${failed} failed, ${skipped.length} skipped`,
  );
  return failed > 0 ? 1 : 0;
}

function bin(name) {
  return join(PROJECT, 'node_modules/.bin', name);
}

/** Streams the program's output; resolves to its exit code, or 1 when it was killed or could not start. */
function start(program, args) {
  const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const env = { HE300_FAULT_ROUNDS: '2', ...quiet, ...process.env };
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: PROJECT, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
