/** Takes the directory of a finished run into the store, as if its host had reported it. */
import {
  engine,
  host,
  model,
  price,
  prompts,
  runId as runIdSchema,
  runner,
  suite,
  timestamp,
  trigger,
  type Artifact,
  type Results,
  type RunEvent,
} from '@he300/benchmark/contract';
import { hash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { audit } from '../access/audit';
import { InputError } from '../errors';
import type { Services } from '../services';
import { findArtifact, insertArtifact } from '../store/artifacts';
import type { Db } from '../store/database';
import { refreshModel } from '../store/known-models';
import { environmentOf, lockRun, replaceCategories, updateRun } from '../store/received-runs';
import { completed, started } from './apply-event';
import { artifactKey } from './artifact-store';
import { readPrompts, readSamples } from './read-samples';
import { readSigned } from './read-results';
import { keepFindings, type Findings } from './settle';
import { Unsound } from './unsound';

/** What of a directory is taken; the first two must be there. */
const FILES: readonly Pick<Artifact, 'kind' | 'name' | 'contentType'>[] = [
  { kind: 'results', name: 'results.json', contentType: 'application/json' },
  { kind: 'samples', name: 'samples.jsonl', contentType: 'application/jsonl' },
  { kind: 'prompts', name: 'prompts.jsonl', contentType: 'application/jsonl' },
  { kind: 'telemetry', name: 'telemetry.jsonl', contentType: 'application/jsonl' },
  { kind: 'report', name: 'report.html', contentType: 'text/html' },
];

/** Of `plan.json`, what the results must agree with. */
const planFacts = z.object({
  runId: runIdSchema,
  startedAt: timestamp,
  trigger,
  suite,
  prompts,
  model,
  engine,
  host,
  runner,
  price,
});

export interface ImportedRun {
  readonly runId: string;
  /** False: it was there already, with all of its files. */
  readonly isNew: boolean;
}

interface FinishedRun {
  readonly results: Results;
  readonly publicKey: string;
  readonly resultsSha256: string;
  readonly findings: Findings;
  readonly files: readonly (Omit<Artifact, 'runId'> & { readonly body: Buffer })[];
}

/** @throws InputError in one line: what does not hold; nothing is taken then */
export async function importRun(services: Services, directory: string): Promise<ImportedRun> {
  const run = readDirectory(directory);
  const { runId } = run.results;
  for (const { name, sha256, body } of run.files)
    await services.artifacts.put(artifactKey({ runId, name, sha256 }), once(body));
  const isNew = await services.store.db.transaction().execute((db) => keepRun(db, run, services.now()));
  return { runId, isNew };
}

async function* once(body: Buffer): AsyncIterable<Uint8Array> {
  yield body;
}

function readDirectory(directory: string): FinishedRun {
  const bytesOf = (name: string): Buffer | undefined =>
    existsSync(join(directory, name)) ? readFileSync(join(directory, name)) : undefined;
  if (!existsSync(directory) || !statSync(directory).isDirectory())
    throw new InputError(`import: no directory ${directory}; allowed: one that he300 run has finished`);
  const [resultBytes, sampleBytes] = [bytesOf('results.json'), bytesOf('samples.jsonl')];
  if (!resultBytes || !sampleBytes)
    throw new InputError(
      `import: no ${resultBytes ? 'samples.jsonl' : 'results.json'} in ${directory}; allowed: a run that has come to its end`,
    );
  try {
    const { results, publicKey } = readSigned(resultBytes);
    if (results.partial !== null)
      throw new Unsound(`results.json: partial (${results.partial.reason}); finish it by he300 run --resume`);
    checkPlan(bytesOf('plan.json'), results);
    const promptBytes = bytesOf('prompts.jsonl');
    return {
      ...{ results, publicKey, resultsSha256: hash('sha256', resultBytes) },
      findings: {
        ...{ signature: 'verified', problem: null, results },
        samples: readSamples(sampleBytes, results),
        prompts: promptBytes ? readPrompts(promptBytes) : null,
      },
      files: FILES.flatMap((file) => {
        const body = bytesOf(file.name);
        return body ? [{ ...file, body, bytes: body.length, sha256: hash('sha256', body) }] : [];
      }),
    };
  } catch (error) {
    if (!(error instanceof Unsound)) throw error;
    throw new InputError(`import: ${directory}: ${error.message}`);
  }
}

/** @throws Unsound */
function checkPlan(bytes: Buffer | undefined, results: Results): void {
  if (!bytes) return;
  let plan: unknown;
  try {
    plan = JSON.parse(bytes.toString());
  } catch {
    throw new Unsound('plan.json: no JSON');
  }
  const facts = planFacts.safeParse(plan);
  if (!facts.success) throw new Unsound(`plan.json: ${facts.error.issues[0]!.path.join('.')} is wrong`);
  for (const part of ['runId', 'suite', 'prompts', 'model'] as const)
    if (!isDeepStrictEqual(facts.data[part], results[part]))
      throw new Unsound(`results.json: its ${part} is not what was planned`);
}

/** @returns false when all of it was there. @throws InputError when another run has its id */
async function keepRun(db: Db, run: FinishedRun, now: Date): Promise<boolean> {
  const { results, publicKey, resultsSha256, findings, files } = run;
  const { runId } = results;
  const row = await lockRun(db, runId, now);
  const isFresh = row.last_seq < 0 && row.public_key === null;
  const isSame = row.public_key === publicKey && row.results_sha256 === resultsSha256;
  if (!isFresh && !isSame)
    throw new InputError(`import: the dashboard has another run ${runId}, which is ${row.state}`);

  if (isFresh) await updateRun(db, runId, rowOf(run, now));
  let isNew = isFresh;
  const stored_at = now.toISOString();
  for (const { name, kind, bytes, sha256, contentType: content_type } of files) {
    const added = await insertArtifact(db, {
      run_id: runId,
      name,
      kind,
      bytes,
      sha256,
      content_type,
      stored_at,
    });
    if (!added && (await findArtifact(db, runId, name))!.sha256 !== sha256)
      throw new InputError(`import: the dashboard has another ${name} of ${runId}`);
    isNew ||= added;
  }
  if (!isNew) return false;
  const current = await lockRun(db, runId, now);
  await keepFindings(db, current, findings, now);
  await replaceCategories(db, runId, results.score.categories);
  await refreshModel(db, results.model.name, results.suite.spec, now);
  await audit(db, { actor: 'cli', action: 'run.import', target: runId, detail: publicKey }, now);
  return true;
}

/** As the two events of a host would have left it. Nobody has delivered them: no event is kept. */
function rowOf(
  { results, publicKey, resultsSha256 }: FinishedRun,
  now: Date,
): Parameters<typeof updateRun>[2] {
  const { runId, startedAt, endedAt, score, performance, cost, suite: asked } = results;
  const { usdPerHour, capUsd, timeLimitMinutes, spentUsd } = cost;
  const begin: Extract<RunEvent, { type: 'run.started' }> = {
    ...{ type: 'run.started', runId, seq: 0, at: startedAt, publicKey, resumed: false },
    ...{ environment: environmentOf(runId), trigger: results.trigger, suite: asked },
    ...{ prompts: results.prompts, model: results.model, engine: results.engine },
    ...{ host: results.host, runner: results.runner },
    price: { usdPerHour, capUsd, timeLimitMinutes },
  };
  const { requestsPerSecond, outputTokensPerSecond, seconds } = performance.total;
  const { verdict, chosenConcurrency } = performance.saturation;
  const end: Extract<RunEvent, { type: 'run.completed' }> = {
    ...{ type: 'run.completed', runId, seq: 1, at: endedAt, resultsSha256 },
    ...{ overall: score.overall, categories: score.categories, costUsd: spentUsd },
    throughput: { requestsPerSecond, outputTokensPerSecond, seconds },
    saturation: { verdict, chosenConcurrency },
  };
  const facts = { started: JSON.stringify(begin), comparable: asked.comparable ? 1 : 0 };
  return {
    ...{ state: 'COMPLETED', public_key: publicKey, changed_at: now.toISOString() },
    ...started(begin, { started_at: null }),
    ...completed(end, { ...facts, signature: 'verified' }),
    ...{ ended_at: endedAt, ended: JSON.stringify(end) },
  };
}
