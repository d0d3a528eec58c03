/** Runs held against the first of them, over the scenarios that all of them were asked. */
import { compare, type Comparison, type Outcomes } from '@he300/benchmark/compare';
import { CATEGORIES } from '@he300/benchmark/contract';
import { sql } from 'kysely';
import type { CompareAnswer, RunComparison } from '../../api/compare';
import type { RunSummary } from '../../api/run';
import { inBatches } from './batches';
import { refusalOf, type ComparableOptions } from './comparable';
import type { Db } from './database';
import { promptOf } from './samples';
import { outcomesOf, sheetOf, type Sheet } from './sheets';

const MOST_DISCORDANT = 300;
/** Of an answer, in characters. */
const ANSWER_SHOWN = 400;

/** @param runs 2 or more, the baseline first */
export async function compareRuns(
  db: Db,
  runs: readonly RunSummary[],
  options: ComparableOptions,
): Promise<CompareAnswer> {
  const sheeted = await Promise.all(runs.map(async (run) => ({ run, sheet: await sheetOf(db, run) })));
  const refusal = refusalOf(sheeted, options);
  if (refusal !== null) return { runs: [...runs], comparisons: [], refusal, discordant: [] };

  const [baseline, ...candidates] = sheeted.map(({ sheet }) => ({
    name: sheet.runId,
    outcomes: outcomesOf(sheet),
  }));
  const comparisons = compare(baseline!, candidates);
  const outcomes = [baseline!, ...candidates].map((each) => each.outcomes);
  return {
    runs: [...runs],
    comparisons: comparisons.map((comparison, i) => comparisonOf(comparison, outcomes, outcomes[i + 1]!)),
    refusal: null,
    discordant: await discordantOf(
      db,
      sheeted.map(({ sheet }) => sheet),
      outcomes,
    ),
  };
}

const inAll = (outcomes: readonly Outcomes[]): string[] =>
  [...outcomes[0]!.keys()].filter((id) => outcomes.every((each) => each.has(id)));

const isCorrect = (outcomes: Outcomes, id: string): boolean =>
  outcomes.get(id)!.judgement.outcome === 'correct';

function comparisonOf(
  { candidate, difference, interval95, ...comparison }: Comparison,
  all: readonly Outcomes[],
  outcomes: Outcomes,
): RunComparison {
  const [baseline] = all as [Outcomes];
  const { scenarios, counts, pValue, adjustedPValue, verdict, detectableDifference } = comparison;
  const ids = inAll(all);
  const byCategory = CATEGORIES.map((category) => {
    const asked = ids.filter((id) => baseline.get(id)!.category === category);
    const correctIn = (each: Outcomes) => asked.filter((id) => isCorrect(each, id)).length;
    return {
      category,
      scenarios: asked.length,
      baselineCorrect: correctIn(baseline),
      candidateCorrect: correctIn(outcomes),
    };
  });
  return {
    runId: candidate,
    ...{ scenarios, counts, difference, interval95, pValue, adjustedPValue, verdict, detectableDifference },
    byCategory: byCategory.filter((each) => each.scenarios > 0),
  };
}

async function discordantOf(
  db: Db,
  sheets: readonly Sheet[],
  outcomes: readonly Outcomes[],
): Promise<CompareAnswer['discordant']> {
  const discordant = inAll(outcomes)
    .filter((id) => new Set(outcomes.map((each) => isCorrect(each, id))).size > 1)
    .slice(0, MOST_DISCORDANT);
  const asked = new Map(sheets[0]!.questions.map((question) => [question.scenarioId, question]));
  const questions = discordant.map((id) => asked.get(id)!);
  const prompts = await promptsOf(
    db,
    questions.map(({ promptSha256 }) => promptSha256),
  );
  const answers = await Promise.all(sheets.map(({ runId }) => answersOf(db, runId, discordant)));
  return questions.map(({ scenarioId, category, expected, promptSha256 }) => ({
    scenarioId,
    category,
    expected,
    prompt: prompts.get(promptSha256) ?? null,
    answers: outcomes.map((each, i) => ({
      outcome: each.get(scenarioId)!.judgement.outcome,
      answer: answers[i]!.get(scenarioId) ?? '',
    })),
  }));
}

/** What the user said last: the scenario itself, and not what the system is told each time. */
async function promptsOf(db: Db, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await inBatches([...new Set(hashes)], (batch) =>
    db.selectFrom('prompt').select(['sha256', 'messages']).where('sha256', 'in', batch).execute(),
  );
  return new Map(rows.map(({ sha256, messages }) => [sha256, promptOf(messages)?.at(-1)?.content ?? '']));
}

async function answersOf(
  db: Db,
  runId: string,
  scenarioIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await inBatches(scenarioIds, (batch) =>
    db
      .selectFrom('sample')
      .select(['scenario_id', sql<string>`substr(answer, 1, ${sql.lit(ANSWER_SHOWN)})`.as('answer')])
      .where('run_id', '=', runId)
      .where('pass', '=', 'scored')
      .where('scenario_id', 'in', batch)
      .execute(),
  );
  return new Map(rows.map(({ scenario_id, answer }) => [scenario_id, answer]));
}
