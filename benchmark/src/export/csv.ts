/** One row for each scored scenario: RFC 4180, and nothing in it that a spreadsheet would take for a formula. */
import { stringify } from 'csv-stringify/sync';
import { expectedOf, predictedOf, wellFormed, type ExportedRun, type ExportedSample } from './exported';

type Cell = string | number | null;

const COLUMNS: readonly (readonly [name: string, of: (one: ExportedSample, run: ExportedRun) => Cell])[] = [
  ['run_id', (_, { results }) => results.runId],
  ['model', (_, { results }) => results.model.name],
  ['spec', (_, { results }) => results.suite.spec],
  ['seed', (_, { results }) => results.suite.seed],
  ['prompts_sha256', (_, { results }) => results.prompts.sha256],
  ['index', ({ sample }) => sample.index],
  ['scenario_id', ({ sample }) => sample.scenarioId],
  ['category', ({ sample }) => sample.category],
  ['group_id', ({ groupId }) => groupId],
  ['expected_label', ({ sample }) => sample.expected],
  ['predicted_label', ({ sample }) => sample.judgement.predicted],
  ['expected', expectedOf],
  ['predicted', predictedOf],
  ['outcome', ({ sample }) => sample.judgement.outcome],
  ['rule', ({ sample }) => sample.judgement.rule],
  ['rescored_outcome', ({ rescored }) => rescored?.judgement.outcome ?? null],
  ['rescored_predicted_label', ({ rescored }) => rescored?.judgement.predicted ?? null],
  ['error_kind', ({ sample }) => sample.error?.kind ?? null],
  ['error_message', ({ sample }) => sample.error?.message ?? null],
  ['attempts', ({ sample }) => sample.attempts],
  ['concurrency', ({ sample }) => sample.concurrency],
  ['prompt_tokens', ({ sample }) => sample.promptTokens],
  ['output_tokens', ({ sample }) => sample.outputTokens],
  ['scheduled_at', ({ sample }) => sample.timing.scheduledAt],
  ['queue_ms', ({ sample }) => sample.timing.queueMs],
  ['first_token_ms', ({ sample }) => sample.timing.firstTokenMs],
  ['end_to_end_ms', ({ sample }) => sample.timing.endToEndMs],
  ['prompt_sha256', ({ sample }) => sample.promptSha256],
  ['input', ({ input }) => input],
  ['answer', ({ sample }) => sample.answer],
];

export function csvExport(run: ExportedRun): string {
  const rows = run.samples.map((one) => COLUMNS.map(([, of]) => of(one, run)));
  return stringify([COLUMNS.map(([name]) => name), ...rows], {
    record_delimiter: 'windows',
    // A text that begins with =, +, - or @ gets an apostrophe before it: spreadsheets show it, and do not obey it.
    escape_formulas: true,
    cast: { string: cell },
  });
}

/** A line feed at the start hides a formula from whoever looks for one; other control characters break readers. */
const cell = (text: string): string =>
  wellFormed(text)
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
    .replace(/^(?=\n)/, "'");
