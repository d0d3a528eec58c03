/** The same work by MLflow's tracking server and ours, in one run and with as many runs in each store. */
import { performance } from 'node:perf_hooks';
import type { Filled, Sizes } from './filled-server';
import { generateRun, runIdOf, type GeneratedRun } from './generated-run';
import { atLeast, figure, heading, ms, times } from './goals';
import { startMlflow, type Mlflow } from './mlflow';
import { inTurn, median, p95 } from './requests';
import { sendRun } from './send-run';

/** Runs that are logged, after one that warms up; in turn, a few to each, so that what else the machine does meets both. */
const TURNS = 4;
const RUNS_A_TURN = 5;
const RUNS_WITH_TRACES = 2;

export async function besideMlflow({ server, templates }: Filled, sizes: Sizes, dir: string): Promise<void> {
  const mlflow = await startMlflow(dir, templates, sizes.runs);
  try {
    heading(`beside MLflow ${mlflow.version}, ${sizes.runs} runs in each store`);
    await logging(mlflow, server, sizes);
    await reading(mlflow, server.url, sizes);
  } finally {
    await mlflow.end();
  }
}

async function logging(mlflow: Mlflow, server: Filled['server'], { runs, seed }: Sizes): Promise<void> {
  let number = runs;
  const next = (count: number): GeneratedRun[] =>
    Array.from({ length: count }, () => generateRun(number++, { seed }));
  const [ours, table]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < TURNS; turn++) {
    const [warming, ...counted] = next(1 + RUNS_A_TURN);
    await sendRun(server, warming!);
    for (const run of counted) {
      const started = performance.now();
      await sendRun(server, run);
      ours.push(performance.now() - started);
    }
    const seconds = await mlflow.log([warming!, ...counted], 'table');
    table.push(...seconds.slice(1).map((one) => one * 1000));
  }
  const seconds = await mlflow.log(next(1 + RUNS_WITH_TRACES), 'traces');
  const traces = seconds.slice(1).map((one) => one * 1000);
  figure('a run with 300 samples logged: ours, median', ms(median(ours)));
  figure('MLflow, samples as a table (log_table)', ms(median(table)));
  figure('MLflow, samples as traces', ms(median(traces)));
  // A table is one file, which the server cannot look into; traces it lists and searches, as ours does samples.
  for (const [how, its] of [
    ['a table', table],
    ['traces', traces],
  ] as const) {
    const ratio = median(its) / median(ours);
    figure(`MLflow with ${how} to ours`, times(ratio), atLeast(ratio, 20));
  }
}

async function reading(mlflow: Mlflow, url: string, { rounds }: Sizes): Promise<void> {
  const { experiment, run } = await mlflow.probe();
  const body = { experiment_ids: [experiment], max_results: 50, order_by: ['attributes.start_time DESC'] };
  const api = `${mlflow.url}/api/2.0/mlflow`;
  const taken = await inTurn(
    {
      ourList: { url: `${url}/api/runs?limit=50` },
      itsList: { url: `${api}/runs/search`, body },
      ourRun: { url: `${url}/api/runs/${runIdOf(0)}` },
      itsRun: { url: `${api}/runs/get?run_id=${run}` },
    },
    rounds,
  );
  for (const [what, ours, its] of [
    ['the last 50 runs', taken.ourList, taken.itsList],
    ['one run', taken.ourRun, taken.itsRun],
  ] as const) {
    figure(`${what}, p95 (median): ours`, `${ms(p95(ours))} (${ms(median(ours))})`);
    figure(`${what}, p95 (median): MLflow`, `${ms(p95(its))} (${ms(median(its))})`);
    const ratio = p95(its) / p95(ours);
    figure(`${what}: MLflow to ours, p95`, times(ratio), atLeast(ratio, 10));
  }
}
