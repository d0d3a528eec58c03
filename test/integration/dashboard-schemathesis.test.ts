/** Schemathesis reads the OpenAPI document and asks what it says, and what it does not: never does the server fail. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendRun } from '../../dashboard/bench/send-run';
import { generateRun } from '../../dashboard/bench/generated-run';
import { DashboardProcess } from '../support/dashboard-process';
import { describeWithTools } from '../support/skip';

jest.setTimeout(240_000);

/** Enough to try every parameter of every operation, and few enough for a minute. */
const EXAMPLES = 6;
const SEED = 1;
/** Never answers to its end: it is tested beside its code. */
const ENDLESS = '/api/live';
const REVOKES = 'DELETE /api/tokens/{id}';

describeWithTools(['schemathesis'], 'the API', ({ schemathesis }) => {
  let dir: string;
  let dashboard: DashboardProcess;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-schemathesis-'));
    // A page that is not built is answered with 503, as it should be: that is no failure of the API.
    dashboard = await DashboardProcess.start({ dataDir: join(dir, 'data'), withPage: true });
    for (const number of [0, 1]) await sendRun(dashboard, generateRun(number, { environment: 'test' }));
  });
  afterAll(async () => {
    await dashboard.stop();
    rmSync(dir, { recursive: true });
  });

  async function expectNoFailure(token: string, ...which: readonly string[]): Promise<number> {
    const report = join(dir, 'report.xml');
    const { code, output } = await run(schemathesis.path, [
      ...['run', `${dashboard.url}/openapi.json`, '--header', `authorization: Bearer ${token}`, ...which],
      ...['--checks', 'not_a_server_error', '--phases', 'examples,coverage,fuzzing'],
      ...['--max-examples', String(EXAMPLES), '--seed', String(SEED), '--request-timeout', '20'],
      ...['--no-shrink', '--report', 'junit', '--report-junit-path', report],
      ...['--generation-deterministic', '--suppress-health-check', 'all'],
      ...['--no-color', '--warnings', 'off'],
    ]);
    expect({ code, output: code === 0 ? '' : output.slice(-6_000) }).toEqual({ code: 0, output: '' });
    return Number(/<testsuites [^>]*tests="(\d+)"/.exec(readFileSync(report, 'utf8'))![1]);
  }

  test('answers whatever Schemathesis asks, as an administrator, without one failure of its own', async () => {
    const { paths } = await dashboard.json<{ paths: Record<string, object> }>('/openapi.json');
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      path === ENDLESS ? [] : Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations).toContain(REVOKES);
    const other = await dashboard.newToken('other');
    const first = await expectNoFailure(other, '--exclude-path', ENDLESS, '--exclude-name', REVOKES);
    // It learns of ids, and takes its own token away: nothing after that would be asked as anybody.
    const second = await expectNoFailure(other, '--include-name', REVOKES);
    expect(first + second).toBeGreaterThanOrEqual(operations.length);
    expect((await dashboard.get('/readyz')).status).toBe(200);
    expect(dashboard.output).not.toContain('"level":"error"');
  });
});

async function run(
  program: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(program, args, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
