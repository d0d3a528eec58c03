/** MLflow's tracking server beside ours: the same runs, in its own terms, by its own client and into its own tables. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { venvTool } from '../../ops/lib/venv';
import { freePort } from '../../test/support/free-port';
import type { GeneratedRun } from './generated-run';
import { untilAnswers } from './requests';

const RECIPE = { name: 'mlflow', requirement: 'mlflow==3.17.2', program: 'mlflow' };

export type SamplesAs = 'table' | 'traces';

export interface Mlflow {
  readonly version: string;
  readonly url: string;
  /** Seconds of each run. */
  log(runs: readonly GeneratedRun[], samples: SamplesAs): Promise<number[]>;
  /** An experiment, and its newest run. */
  probe(): Promise<{ readonly experiment: string; readonly run: string }>;
  end(): Promise<void>;
}

/**
 * Starts it with SQLite in `dir`, as its own command does without options, on as many runs as are asked for.
 * @throws ToolMissing when it cannot be installed
 */
export async function startMlflow(
  dir: string,
  templates: readonly GeneratedRun[],
  runs: number,
): Promise<Mlflow> {
  const { path, version } = venvTool(RECIPE);
  const python = join(dirname(path), 'python3');
  const database = `sqlite:///${join(dir, 'mlflow.db')}`;
  const work = (...args: readonly string[]): Promise<string> =>
    printed(python, [join(import.meta.dirname, 'mlflow_work.py'), ...args], dir);
  const write = (some: readonly GeneratedRun[]): string => {
    const file = join(dir, 'mlflow-runs.json');
    writeFileSync(file, JSON.stringify(some.map(inItsTerms)));
    return file;
  };
  await work('fill', database, write(templates), String(runs));

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = openSync(join(dir, 'mlflow.log'), 'w');
  const places = ['--backend-store-uri', database, '--artifacts-destination', join(dir, 'mlflow-artifacts')];
  const server = spawn(path, ['server', ...places, '--port', String(port)], {
    ...{ cwd: dir, env: environment(), stdio: ['ignore', log, log], detached: true },
  });
  try {
    await untilAnswers(`${url}/health`, server);
  } catch (error) {
    await endGroup(server);
    throw error;
  }
  return {
    version,
    url,
    log: async (some, samples) => JSON.parse(await work('log', url, write(some), samples)) as number[],
    probe: async () => JSON.parse(await work('probe', url)) as { experiment: string; run: string },
    end: () => endGroup(server),
  };
}

/** What a run is to MLflow: tags, parameters, metrics, and its samples with what was asked. */
function inItsTerms({ runId, results, samples, prompts, events, files }: GeneratedRun) {
  const { suite, model, engine, generation, host, runner, score, performance, cost } = results;
  const facts = {
    ...suite,
    ...model,
    server: engine.server,
    ...generation,
    ...runner,
    usdPerHour: cost.usdPerHour,
  };
  const asked = new Map(prompts.map(({ sha256, messages }) => [sha256, JSON.stringify(messages)]));
  const counts = [{ category: 'overall', ...score.overall }, ...score.categories];
  const metrics = counts.flatMap(({ category, accuracy, correct, unknown, wilson95 }) =>
    Object.entries({ accuracy, correct, unknown, low95: wilson95.low, high95: wilson95.high }).map(
      ([name, value]) => [`${category}.${name}`, value] as const,
    ),
  );
  const { requestsPerSecond, outputTokensPerSecond } = performance.total;
  return {
    tags: { runId, branch: 'main', instanceType: String(host.instanceType), gpu: String(host.gpu?.name) },
    params: Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, String(value)])),
    progress: events.flatMap((event) =>
      event.type === 'run.progress' ? [{ done: event.done, doneCorrect: event.correct }] : [],
    ),
    metrics: {
      ...Object.fromEntries(metrics),
      requestsPerSecond,
      outputTokensPerSecond,
      costUsd: cost.spentUsd,
    },
    files: Object.fromEntries(
      files
        .filter(({ kind }) => kind === 'results' || kind === 'telemetry')
        .map(({ name, body }) => [name, body.toString()]),
    ),
    samples: samples.map(({ scenarioId, category, expected, answer, judgement, timing, promptSha256 }) => ({
      ...{ scenarioId, category, expected, answer, ...judgement, ...timing },
      prompt: asked.get(promptSha256),
    })),
  };
}

/** Without its telemetry, which would leave this machine. */
const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ...{ MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true', GIT_PYTHON_REFRESH: 'quiet' },
});

async function printed(program: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(program, args, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return out.trim().split('\n').at(-1)!;
  throw new Error(`${args[1]} failed: ${err.trim().split('\n').at(-1)}`);
}

/** It starts workers, which end with their group. */
async function endGroup(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  process.kill(-server.pid!, 'SIGTERM');
  await exit;
}
