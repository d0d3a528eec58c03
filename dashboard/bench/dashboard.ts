/**
 * The dashboard beside MLflow's tracking server on the same runs, its routes beside a bare `SELECT 1`, its memory, and its
 * page in a browser (`npm run bench:dashboard [-- --runs 500 --rounds 50 --only mlflow,sqlite,postgres,page]`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ToolMissing } from '../../ops/lib/tool';
import { startPostgres } from '../../test/support/postgres';
import { tool } from '../../test/support/tools';
import { besideMlflow } from './beside-mlflow';
import { filledServer, type Filled, type Sizes } from './filled-server';
import { figure, heading, missedGoals } from './goals';
import { page } from './page';
import { routes } from './routes';

const PARTS = ['mlflow', 'sqlite', 'postgres', 'page'] as const;
type Part = (typeof PARTS)[number];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '100' },
      seed: { type: 'string', default: '42' },
      only: { type: 'string', default: PARTS.join(',') },
    },
  });
  const only = values.only.split(',');
  const unknown = only.find((part) => !PARTS.includes(part as Part));
  if (unknown !== undefined) return wrong(`--only: ${unknown}; allowed: ${PARTS.join(', ')}`);
  const sizes: Sizes = {
    ...{ runs: Number(values.runs), rounds: Number(values.rounds), seed: Number(values.seed) },
  };
  if (!(sizes.runs >= 100)) return wrong(`--runs: ${values.runs}; allowed: 100 and more`);
  if (!(sizes.rounds >= 1)) return wrong(`--rounds: ${values.rounds}; allowed: 1 and more`);

  const dir = mkdtempSync(join(tmpdir(), 'he300-bench-dashboard-'));
  try {
    await measure(only as Part[], sizes, dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
  const missed = missedGoals();
  console.log(missed === 0 ? '\nall goals met' : `\n${missed} goals not met`);
}

async function measure(only: readonly Part[], sizes: Sizes, dir: string): Promise<void> {
  figure('load of this machine before, of all cores', `${loadavg()[0]!.toFixed(1)} of ${cpus().length}`);
  if (only.some((part) => part !== 'postgres'))
    await using(filledServer(join(dir, 'sqlite'), sizes), async (sqlite) => {
      if (only.includes('mlflow')) await orSkipped('MLflow', () => besideMlflow(sqlite, sizes, dir));
      if (only.includes('sqlite')) await routes('SQLite', sqlite, sizes);
      if (only.includes('page')) await orSkipped('the page', () => page(sqlite.server.url));
    });
  if (only.includes('postgres'))
    await orSkipped('Postgres', async () => {
      const cluster = await startPostgres(tool('postgres'));
      try {
        const databaseUrl = await cluster.newDatabase();
        await using(filledServer(join(dir, 'postgres'), sizes, databaseUrl), (postgres) =>
          routes('Postgres', postgres, sizes),
        );
      } finally {
        await cluster.stop();
      }
    });
  figure('load of this machine after', `${loadavg()[0]!.toFixed(1)} of ${cpus().length}`);
}

async function using(filling: Promise<Filled>, work: (filled: Filled) => Promise<void>): Promise<void> {
  const filled = await filling;
  try {
    await work(filled);
  } finally {
    await filled.server.stop();
  }
}

async function orSkipped(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    heading(`${what} skipped: ${error.message}`);
  }
}

function wrong(message: string): void {
  console.error(message);
  process.exitCode = 2;
}

void main();
