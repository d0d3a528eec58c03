/** The first tables. Their columns are told in `tables.ts`. */
import {
  PostgresAdapter,
  sql,
  type CreateTableBuilder,
  type Kysely,
  type Migration,
  type RawBuilder,
} from 'kysely';

/** JavaScript's only number, exact for integers up to 2^53: no count that a host sends can overflow it, and no driver turns it into text. */
const NUMBER = sql`double precision`;

/** What the list of runs is sorted by. */
const LISTED_BY = ['created_at', 'ended_at', 'accuracy', 'cost_usd', 'requests_per_second', 'model'];

/** By code points, as SQLite sorts and compares anyway: a page of a list must not depend on the language of the database. */
const POSTGRES_TEXT = sql`text collate "C"`;

export const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const { schema } = db;
    const text = db.getExecutor().adapter instanceof PostgresAdapter ? POSTGRES_TEXT : 'text';
    const texts = columns(text, true);
    const optionalTexts = columns(text, false);
    await schema
      .createTable('run')
      .addColumn('id', text, (c) => c.primaryKey())
      .$call(texts('environment', 'state', 'created_at', 'changed_at', 'heard_at', 'signature'))
      .$call(numbers('silence_seconds', 'last_seq', 'whole'))
      .$call(optionalTexts('started_at', 'ended_at', 'public_key', 'model', 'model_digest', 'quantization'))
      .$call(optionalTexts('engine', 'spec', 'sample_sha256', 'prompts_sha256', 'instance_type', 'gpu'))
      .$call(optionalTexts('trigger_kind', 'branch', 'commit_sha', 'phase', 'verdict', 'results_sha256'))
      .$call(
        optionalNumbers('seed', 'comparable', 'pull_request', 'done', 'total', 'done_correct', 'concurrency'),
      )
      .$call(optionalNumbers('scenarios', 'correct', 'unknown', 'errors', 'chosen_concurrency'))
      .$call(optionalNumbers('tokens_per_second', 'eta_seconds', 'cost_usd', 'accuracy', 'low95', 'high95'))
      .$call(optionalNumbers('majority_baseline', 'requests_per_second', 'output_tokens_per_second'))
      // What is long comes last: SQLite reads a row only as far as it is asked for.
      .$call(optionalTexts('signature_problem'))
      .$call(texts('phases'))
      .$call(optionalTexts('started', 'ended', 'results'))
      .execute();
    for (const column of ['changed_at', ...LISTED_BY])
      await schema.createIndex(`run_${column}`).on('run').columns([column, 'id']).execute();
    await schema.createIndex('run_state').on('run').columns(['state', 'created_at', 'id']).execute();
    await schema
      .createIndex('run_latest')
      .on('run')
      .columns(['model', 'spec', 'state', 'whole', 'ended_at', 'id'])
      .execute();

    await schema
      .createTable('category_result')
      .$call(texts('run_id', 'category'))
      .$call(numbers('scenarios', 'correct', 'unknown', 'errors'))
      .$call(numbers('accuracy', 'low95', 'high95', 'majority_baseline'))
      .$call(optionalTexts('groups'))
      .addPrimaryKeyConstraint('category_result_key', ['run_id', 'category'])
      .$call(ofRun('category_result'))
      .execute();

    await schema
      .createTable('sample')
      .$call(
        texts(
          'run_id',
          'pass',
          'scenario_id',
          'category',
          'outcome',
          'answer',
          'prompt_sha256',
          'scheduled_at',
        ),
      )
      .$call(numbers('position', 'expected', 'attempts', 'concurrency'))
      .$call(numbers('queue_ms', 'end_to_end_ms'))
      .$call(optionalNumbers('first_token_ms'))
      .$call(optionalNumbers('predicted', 'prompt_tokens', 'output_tokens'))
      .$call(optionalTexts('rule', 'error_kind', 'error_message'))
      .addPrimaryKeyConstraint('sample_key', ['run_id', 'pass', 'position'])
      .$call(ofRun('sample'))
      .execute();

    await schema
      .createTable('prompt')
      .addColumn('sha256', text, (c) => c.primaryKey())
      .$call(texts('messages'))
      .$call(optionalTexts('seen_at'))
      .execute();

    await schema
      .createTable('artifact')
      .$call(texts('run_id', 'name', 'kind', 'sha256', 'content_type', 'stored_at'))
      .$call(numbers('bytes'))
      .addPrimaryKeyConstraint('artifact_key', ['run_id', 'name'])
      .$call(ofRun('artifact'))
      .execute();

    await schema
      .createTable('event')
      .$call(texts('run_id', 'delivery_id', 'type', 'at', 'received_at', 'body_sha256'))
      .$call(numbers('seq'))
      .$call(optionalTexts('body'))
      // Each run has its ids for itself: no other run's host can use one up before its time.
      .addPrimaryKeyConstraint('event_key', ['run_id', 'delivery_id'])
      .$call(ofRun('event'))
      .execute();
    await schema.createIndex('event_of_run').on('event').columns(['run_id', 'seq']).unique().execute();
    await schema.createIndex('event_received').on('event').column('received_at').execute();

    await schema
      .createTable('model')
      .$call(texts('name', 'spec', 'first_seen_at'))
      .$call(numbers('complete_runs'))
      .$call(optionalTexts('latest_run_id', 'latest_ended_at'))
      .addPrimaryKeyConstraint('model_key', ['name', 'spec'])
      .execute();

    await schema
      .createTable('token')
      .addColumn('id', text, (c) => c.primaryKey())
      .$call(texts('name', 'role', 'created_at'))
      .addColumn('secret_sha256', text, (c) => c.notNull().unique())
      .$call(optionalTexts('environment', 'expires_at', 'last_used_at', 'revoked_at'))
      .execute();

    await schema
      .createTable('session')
      .addColumn('id_sha256', text, (c) => c.primaryKey())
      .$call(texts('token_id', 'csrf_token', 'created_at', 'expires_at'))
      .addForeignKeyConstraint('session_token', ['token_id'], 'token', ['id'], (f) => f.onDelete('cascade'))
      .execute();

    await schema
      .createTable('webhook_key')
      .$call(texts('environment', 'key_id', 'key', 'created_at'))
      .$call(optionalTexts('expires_at'))
      .addPrimaryKeyConstraint('webhook_key_key', ['environment', 'key_id'])
      .execute();

    await schema
      .createTable('audit')
      .addColumn('id', text, (c) => c.primaryKey())
      .$call(texts('at', 'actor', 'action', 'target'))
      .$call(optionalTexts('detail'))
      .execute();
    await schema.createIndex('audit_at').on('audit').columns(['at', 'id']).execute();
  },
};

type Table = CreateTableBuilder<string, string>;
type Added = (table: Table) => Table;

const columns =
  (type: 'text' | RawBuilder<unknown>, required: boolean) =>
  (...names: readonly string[]): Added =>
  (table) =>
    names.reduce((t, name) => t.addColumn(name, type, (c) => (required ? c.notNull() : c)), table);

const numbers = columns(NUMBER, true);
const optionalNumbers = columns(NUMBER, false);

/** What belongs to a run goes with it. */
const ofRun =
  (table: string): Added =>
  (builder) =>
    builder.addForeignKeyConstraint(`${table}_run`, ['run_id'], 'run', ['id'], (f) => f.onDelete('cascade'));
