import { existsSync } from 'node:fs';
import type { LoadReport } from '../run/load-alone';
import { modelDouble, type ModelDouble } from '../engines/model-double';
import { called } from './called';

jest.setTimeout(60_000);

let server: ModelDouble;
beforeAll(async () => (server = await modelDouble({ slots: 2, answerMs: 5 })));
afterAll(() => server.close());

const load = (argv: readonly string[], io?: Parameters<typeof called>[1]) =>
  called(['load', '--spec', 'starter', '--engine', 'openai', ...argv], io);

test('a wrong call, and a server that is not there, are one line each', async () => {
  expect(await load([])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'he300: engine openai: no --url; allowed: such as http://127.0.0.1:8000/v1\n',
  });
  const { code, stdout, stderr } = await load(['--model', 'double', '--url', 'http://127.0.0.1:1/v1']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^he300: engine openai at http:\/\/127\.0\.0\.1:1\/v1: no answer from .*\n$/);
});

test('a load that is stopped ends with code 130', async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await load(['--model', 'double', '--url', server.url.href], { stop: stop.signal })).toEqual({
    code: 130,
    stdout: '',
    stderr: 'he300: stopped before anything was found\n',
  });
});

test('--json is one document; a person sees each window as it comes; nothing is kept', async () => {
  const { code, stdout, stderr } = await load(['--model', 'double', '--url', server.url.href, '--json'], {
    terminalColumns: 100,
  });
  expect(code).toBe(0);
  const { saturation } = JSON.parse(stdout) as LoadReport;
  expect(stderr.match(/ in flight /g)).toHaveLength(saturation.windows.length);
  expect(existsSync('he300-runs')).toBe(false);
});
