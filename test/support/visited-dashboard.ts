/** The real dashboard with its page, and real runs in it: of the demo model, of a model that means harm, and a made-up dozen. */
import { join } from 'node:path';
import { DashboardProcess, PROGRAM } from './dashboard-process';
import { call, he300, type Called } from './he300';
import { HOSTILE_MODEL, hostileFiles, hostileModelServer } from './hostile';

/** What `he300 run` left, and `he300-dashboard import` took. */
export const RUNS = { first: 'local-first', second: 'local-second', hostile: 'local-hostile' } as const;

const RUN = ['run', '--spec', 'starter', '--max-tokens', '24', '--concurrency', '4'];

/** In an empty directory. Whoever starts it stops it. */
export async function visitedDashboard(dir: string): Promise<DashboardProcess> {
  const dashboard = await DashboardProcess.prepare({ dataDir: join(dir, 'data'), withPage: true });
  const cli = (...argv: readonly string[]) => call({ program: PROGRAM, argv, env: dashboard.variables });
  const at = (id: string): string => join(dir, id);
  const finished = async (id: string, ...more: readonly string[]): Promise<void> => {
    done(await he300(...RUN, '--run-id', id, '--out', at(id), ...more));
    done(await he300('report', at(id)));
  };
  const model = await hostileModelServer();
  try {
    await Promise.all([
      cli('seed-demo').then(done),
      finished(RUNS.first),
      // Another temperature, so that the same model answers a little differently.
      finished(RUNS.second, '--temperature', '1.5'),
      finished(
        RUNS.hostile,
        ...['--engine', 'openai', '--url', model.url.href, '--model', HOSTILE_MODEL],
        ...hostileFiles(dir),
      ),
    ]);
  } finally {
    await model.close();
  }
  done(await cli('import', ...Object.values(RUNS).map(at)));
  await dashboard.start();
  return dashboard;
}

function done({ code, stdout, stderr }: Called): void {
  if (code !== 0) throw new Error(`exit code ${code}:\n${stdout}${stderr}`);
}
