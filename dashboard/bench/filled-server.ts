/** Our server with as many runs as are asked for. */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DashboardProcess } from '../../test/support/dashboard-process';
import type { Store } from '../server/store/database';
import { copyRuns } from './fill';
import { generateRun, type GeneratedRun } from './generated-run';
import { figure } from './goals';
import { sendRun } from './send-run';

export interface Sizes {
  readonly runs: number;
  /** How often each request is timed. */
  readonly rounds: number;
  readonly seed: number;
}

export interface Filled {
  readonly server: DashboardProcess;
  /** Those that were sent; all others are copies of them. */
  readonly templates: readonly GeneratedRun[];
}

const TEMPLATES = 40;
const PROGRAM = join(import.meta.dirname, '../bin/he300-dashboard.mjs');

export async function filledServer(dataDir: string, sizes: Sizes, databaseUrl?: string): Promise<Filled> {
  const { runs, seed } = sizes;
  const place = {
    dataDir,
    environment: 'bench',
    program: PROGRAM,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  };
  const server = await DashboardProcess.start(place);
  const started = performance.now();
  const templates = Array.from({ length: TEMPLATES }, (_, number) => generateRun(number, { seed }));
  for (const run of templates) await sendRun(server, run);
  await server.stop();
  let samples: number;
  const store = server.openStore();
  try {
    await copyRuns(store, TEMPLATES, runs);
    samples = await countSamples(store);
  } finally {
    await store.db.destroy();
  }
  // A fresh process, so that its memory is that of answering.
  await server.start();
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  figure(`${databaseUrl ? 'Postgres' : 'SQLite'}: ${runs} runs, ${samples} samples put in`, `${seconds} s`);
  return { server, templates };
}

async function countSamples({ db }: Store): Promise<number> {
  const { n } = await db
    .selectFrom('sample')
    .select((e) => e.fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}
