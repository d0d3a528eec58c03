/**
 * Reads what a run has brought into the tables, once it holds. Files and events come in any order: each of them calls this,
 * and what is not there yet is read later. Repeating it changes nothing, so that whoever was cut off does it again.
 */
import type { PromptLine, Results, Sample } from '@he300/benchmark/contract';
import type { Services } from '../services';
import { refreshModel } from '../store/known-models';
import { keepPrompts, replaceSamples, storable } from '../store/kept-samples';
import { findRun, lockRun, updateRun, type RunRow } from '../store/received-runs';
import { isWhole } from './apply-event';
import { readArtifact } from './open-artifact';
import { readResults } from './read-results';
import { readPrompts, readSamples } from './read-samples';
import { Unsound } from './unsound';

/** Of the artifacts, those that are read. */
export const READ_NAMES: readonly string[] = ['results.json', 'samples.jsonl', 'prompts.jsonl'];

export interface Findings {
  readonly signature: RunRow['signature'];
  readonly problem: string | null;
  readonly results: Results | null;
  /** Null: there are none, or they stand in the tables. */
  readonly samples: readonly Sample[] | null;
  readonly prompts: readonly PromptLine[] | null;
}

/** @param name of the artifact that came; null: an event came */
export async function settle(services: Services, runId: string, name: string | null): Promise<void> {
  const { store, now } = services;
  for (;;) {
    const run = await findRun(store.db, runId);
    // Whose signature to demand is not known before the run has started.
    if (!run || run.public_key === null || run.started === null) return;
    const findings = await examine(services, run, name);
    if (findings === undefined) return;
    const isDone = await store.db.transaction().execute(async (db) => {
      const current = await lockRun(db, runId, now());
      // Another event or file came meanwhile, which these findings do not know.
      if (basisOf(current) !== basisOf(run)) return false;
      await keepFindings(db, current, findings, now());
      return true;
    });
    if (isDone) return;
  }
}

const basisOf = ({ public_key, state, ended, signature, started }: RunRow): string =>
  JSON.stringify([public_key, state, ended, signature, started]);

/** Undefined: nothing to note. */
async function examine(services: Services, run: RunRow, name: string | null): Promise<Findings | undefined> {
  const bytesOf = (artifact: string) => readArtifact(services, run.id, artifact);
  const isSettled = run.signature === 'verified';
  const nothing = { problem: null, results: null, samples: null, prompts: null };
  try {
    const promptBytes = isSettled && name !== 'prompts.jsonl' ? null : await bytesOf('prompts.jsonl');
    const prompts = promptBytes && readPrompts(promptBytes);
    const resultsBytes = await bytesOf('results.json');
    if (!resultsBytes) return prompts ? { ...nothing, signature: run.signature, prompts } : undefined;
    const results = readResults(resultsBytes, run);
    if (isSettled) return { ...nothing, signature: 'verified', results, prompts };
    const sampleBytes = await bytesOf('samples.jsonl');
    if (!sampleBytes) {
      const problem = 'samples.jsonl has not come';
      return { ...nothing, signature: 'missing', problem, results, prompts };
    }
    return {
      ...nothing,
      signature: 'verified',
      results,
      samples: readSamples(sampleBytes, results),
      prompts,
    };
  } catch (error) {
    if (!(error instanceof Unsound)) throw error;
    // A file that comes when the retention has taken the one before it may be anybody's: what was verified stands.
    if (isSettled && name !== null) return undefined;
    // The message may quote the file.
    return { ...nothing, signature: 'invalid', problem: storable(error.message.slice(0, 500)) };
  }
}

type Db = Parameters<typeof updateRun>[0];

export async function keepFindings(db: Db, run: RunRow, findings: Findings, now: Date): Promise<void> {
  const { signature, problem, results, samples, prompts } = findings;
  if (prompts) await keepPrompts(db, prompts, now);
  if (samples || signature === 'invalid') await replaceSamples(db, run.id, samples ?? []);
  const whole = run.state === 'COMPLETED' && isWhole({ ...run, signature }, run.scenarios ?? 0) ? 1 : 0;
  await updateRun(db, run.id, {
    signature,
    signature_problem: problem,
    results: results ? JSON.stringify(results) : signature === 'invalid' ? null : run.results,
    whole,
    changed_at: now.toISOString(),
  });
  if (whole !== run.whole) await refreshModel(db, run.model!, run.spec!, now);
}

/** What a server that was killed between keeping a file and reading it has left. */
export async function settleLeftovers(services: Services): Promise<void> {
  const { store, log } = services;
  const left = await store.db
    .selectFrom('run')
    .innerJoin('artifact', 'artifact.run_id', 'run.id')
    .select('run.id')
    .where('run.signature', '=', 'missing')
    .where('artifact.name', '=', 'results.json')
    .execute();
  for (const { id } of left)
    await settle(services, id, null).catch((error: unknown) =>
      log.error('cannot read the artifacts of a run', { runId: id, error }),
    );
}
