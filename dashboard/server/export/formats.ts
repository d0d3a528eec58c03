/** Items as a file, made while it is read. */
import { stringify } from 'csv-stringify';
import { pipeline, Readable } from 'node:stream';

export type Cell = string | number | boolean | null;

/** RFC 4180 with a header, also without items. */
export function csvOf<T>(items: AsyncIterable<T>, record: Records<T>): Readable {
  const rows = stringify({
    header: true,
    columns: [...record.columns],
    record_delimiter: '\r\n',
    // A spreadsheet runs a cell that begins with = + - @ as a formula; answers of a model may begin with anything.
    escape_formulas: true,
    cast: { boolean: String },
  });
  // Whoever reads hears of an error by the stream itself.
  return pipeline(Readable.from(each(items, record.of)), rows, () => undefined);
}

export interface Records<T> {
  readonly columns: readonly string[];
  /** Its cells, in the order of the columns. */
  readonly of: (item: T) => readonly Cell[];
}

async function* each<T>(items: AsyncIterable<T>, of: (item: T) => readonly Cell[]) {
  for await (const item of items) yield of(item);
}

/** One array, with a line for each item. */
export const jsonOf = (items: AsyncIterable<unknown>): Readable =>
  Readable.from(jsonLines(items), { objectMode: false });

async function* jsonLines(items: AsyncIterable<unknown>) {
  let before = '[\n';
  for await (const item of items) {
    yield `${before}${JSON.stringify(item)}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
