/** What a user sees of `he300 report` and `he300 export`. */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleRun, exampleTelemetry, writeRun } from '../report/example-run';
import { called } from './called';

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'he300-report-'))));
afterAll(() => rmSync(dir, { recursive: true }));

const he300 = (...argv: string[]) => called(argv);

const example = exampleRun();
const written = (name: string): string => writeRun(join(dir, name), example);

test('a report is printed, and written beside the results', async () => {
  const path = written('whole');
  const { code, stdout, stderr } = await he300('report', path);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^HE-300 starter, seed 42: llama3\.2:3b-instruct-q4_K_M on ollama 0\.6\.5\n/);
  expect(stderr).toBe(`he300: wrote ${join(path, 'report.html')}\n`);
  expect(readFileSync(join(path, 'report.html'), 'utf8')).toMatch(/^<!doctype html>\n/);
});

test('the HTML goes where the user wants it, or nowhere', async () => {
  const path = written('elsewhere');
  const html = join(dir, 'mine.html');
  expect((await he300('report', path, '--html', html)).stderr).toBe(`he300: wrote ${html}\n`);
  expect((await he300('report', path, '--no-html')).stderr).toBe('');
  expect((await he300('report', join(path, 'results.json'))).stderr).toBe('');
  expect([existsSync(html), existsSync(join(path, 'report.html'))]).toEqual([true, false]);
  expect(await he300('report', path, '--html', join(dir, 'no/such/x.html'))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^he300: report: cannot write .*x\.html: ENOENT; allowed: /),
  });
});

test('readings of the machines are drawn, and those that cannot be read are told of', async () => {
  const path = written('telemetry');
  const lines = exampleTelemetry().map((line) => JSON.stringify(line));
  writeFileSync(join(path, 'telemetry.jsonl'), [...lines, '{"half":'].join('\n'));
  expect((await he300('report', path)).stderr).toBe(
    `he300: wrote ${join(path, 'report.html')}; 1 line of telemetry.jsonl cannot be read\n`,
  );
  expect(readFileSync(join(path, 'report.html'), 'utf8')).toContain('GPU activity');
});

test('an anonymized report does not take the place of the report', async () => {
  const path = written('anonymized');
  const { stdout, stderr } = await he300('report', path, '--anonymize', '--without-prices');
  expect(stderr).toBe(`he300: wrote ${join(path, 'report-anonymized.html')}\n`);
  expect(stdout).not.toMatch(/i-0123456789abcdef0|somebody|\$/);
  expect(existsSync(join(path, 'report.html'))).toBe(false);
});

test('a report of no run, or of a changed one, is refused and writes nothing', async () => {
  expect(await he300('report', join(dir, 'none'))).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^he300: verify: no .*none; allowed: /),
  });
  const running = written('running');
  renameSync(join(running, 'results.json'), join(running, 'plan.json'));
  expect((await he300('report', running)).stderr).toBe(
    `he300: verify: no ${join(running, 'results.json')}; the run has not come to its end: he300 run --resume ${running}\n`,
  );
  const path = written('tampered');
  const log = join(path, 'samples.jsonl');
  writeFileSync(log, readFileSync(log, 'utf8').replace('"outcome":"wrong"', '"outcome":"correct"'));
  expect(await he300('report', path)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/the samples are not the ones of the result\n$/),
  });
  expect(existsSync(join(path, 'report.html'))).toBe(false);
});

test('an export is printed, or written to a file', async () => {
  const path = written('export');
  const { stdout } = await he300('export', path, '--format', 'csv');
  expect(stdout.split('\r\n')[0]).toMatch(/^run_id,model,spec,/);
  const out = join(dir, 'deep/er/run.json');
  expect(await he300('export', path, '--format', 'json', '--out', out, '--anonymize')).toEqual({
    code: 0,
    stdout: '',
    stderr: `he300: wrote ${out}\n`,
  });
  expect(readFileSync(out, 'utf8')).not.toContain('i-0123456789abcdef0');
});

test('an export without a format, or in an unknown one, is a usage error in one line', async () => {
  const path = written('formats');
  expect(await he300('export', path)).toEqual({
    code: 2,
    stdout: '',
    stderr: "he300: required option '--format <format>' not specified; see --help\n",
  });
  expect(await he300('export', path, '--format', 'xlsx')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Allowed choices are csv, json, inspect, lm-eval\.; see --help\n$/),
  });
});

test.each(['report', 'export'])(
  'the help of %s tells what --anonymize takes out and what it keeps',
  async (command) => {
    const { code, stdout } = await he300(command, '--help');
    expect(code).toBe(0);
    for (const word of [
      '--anonymize',
      'run id',
      'actor',
      'region',
      'public key',
      'keeps',
      '--without-texts',
      '--without-prices',
    ])
      expect(stdout).toContain(word);
  },
);
