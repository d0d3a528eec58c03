/** The samples of a run: by outcome, by category, and by words. */
import type { Selectable } from 'kysely';
import * as z from 'zod';
import type { SamplePage, SampleQuery, SampleRow } from '../../api/sample';
import { inBatches } from './batches';
import { readCursor, writeCursor } from './cursor';
import type { Db } from './database';
import type { SampleTable } from './tables';

const LIST = 'samples';
type Filters = Omit<SampleQuery, 'limit' | 'cursor'>;

/** In the order of the sample. @throws InputError when the cursor is none of this list */
export async function samplePageOf(
  db: Db,
  runId: string,
  { limit, cursor, ...filters }: SampleQuery,
): Promise<SamplePage> {
  const [after] = cursor === undefined ? [-1] : readCursor(cursor, LIST, z.tuple([z.number()]));
  const positions = await matching(db, runId, filters);
  const following = positions.filter((position) => position > after);
  const shown = following.slice(0, limit);
  return {
    items: await samplesAt(db, runId, filters.pass, shown),
    nextCursor: following.length > limit ? writeCursor(LIST, shown.at(-1)!) : null,
    total: positions.length,
  };
}

/** Places of all that match, ascending. */
async function matching(db: Db, runId: string, filters: Filters): Promise<readonly number[]> {
  const words = wordsOf(filters.q);
  const query = filtered(db, runId, filters).orderBy('position');
  const rows = await query.select('position').execute();
  const positions = rows.map(({ position }) => position);
  if (words.length === 0) return positions;
  // Looked for here, and not by LIKE: the databases do not agree on upper and lower case, and a prompt is JSON there.
  return inBatches(positions, async (batch) => {
    const texts = await filtered(db, runId, filters)
      .leftJoin('prompt', 'prompt.sha256', 'sample.prompt_sha256')
      .select(['position', 'scenario_id', 'answer', 'messages'])
      .where('position', '>=', batch[0]!)
      .where('position', '<=', batch.at(-1)!)
      .orderBy('position')
      .execute();
    return texts
      .filter(({ scenario_id, answer, messages }) => {
        const prompt = promptOf(messages) ?? [];
        const text = [scenario_id, answer, ...prompt.map(({ content }) => content)].join('\n').toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .map(({ position }) => position);
  });
}

const wordsOf = (q = ''): string[] => q.toLowerCase().split(/\s+/).filter(Boolean);

function filtered(db: Db, runId: string, { pass, outcome, category }: Filters) {
  let query = db.selectFrom('sample').where('run_id', '=', runId).where('pass', '=', pass);
  if (outcome !== undefined)
    query = query.where('outcome', 'in', outcome.split(',') as SampleTable['outcome'][]);
  if (category !== undefined) query = query.where('category', '=', category);
  return query;
}

/** @param positions ascending */
async function samplesAt(
  db: Db,
  runId: string,
  pass: SampleTable['pass'],
  positions: readonly number[],
): Promise<SampleRow[]> {
  const rows = await inBatches(positions, (batch) =>
    db
      .selectFrom('sample')
      .leftJoin('prompt', 'prompt.sha256', 'sample.prompt_sha256')
      .selectAll('sample')
      .select('messages')
      .where('run_id', '=', runId)
      .where('pass', '=', pass)
      .where('position', 'in', batch)
      .orderBy('position')
      .execute(),
  );
  return rows.map(sampleRowOf);
}

function sampleRowOf(row: Selectable<SampleTable> & { readonly messages: string | null }): SampleRow {
  return {
    index: row.position,
    scenarioId: row.scenario_id,
    category: row.category,
    pass: row.pass,
    expected: row.expected as SampleRow['expected'],
    promptSha256: row.prompt_sha256,
    answer: row.answer,
    judgement: {
      outcome: row.outcome,
      predicted: row.predicted as SampleRow['judgement']['predicted'],
      rule: row.rule as SampleRow['judgement']['rule'],
    },
    error:
      row.error_kind === null
        ? null
        : {
            kind: row.error_kind as NonNullable<SampleRow['error']>['kind'],
            message: row.error_message ?? '',
          },
    attempts: row.attempts,
    concurrency: row.concurrency,
    promptTokens: row.prompt_tokens,
    outputTokens: row.output_tokens,
    timing: {
      scheduledAt: row.scheduled_at,
      queueMs: row.queue_ms,
      firstTokenMs: row.first_token_ms,
      endToEndMs: row.end_to_end_ms,
    },
    prompt: promptOf(row.messages),
  };
}

export const promptOf = (messages: string | null): SampleRow['prompt'] =>
  messages === null ? null : (JSON.parse(messages) as SampleRow['prompt']);
