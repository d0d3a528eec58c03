/** Reads ETHICS from a directory, and refuses files that are not the pinned ones. */
import { parse } from 'csv-parse/sync';
import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Category, Scenario } from '../contract/suite';
import { InputError } from '../errors';
import { ETHICS_FILES, SOURCE, type EthicsFile } from './ethics-files';
import { framed } from './framing';

export type ScenariosByCategory = ReadonlyMap<Category, readonly Scenario[]>;

export interface Dataset {
  readonly scenarios: ScenariosByCategory;
  /** Of the sorted lines `<SHA-256>  <file name>`. */
  readonly sha256: string;
}

const categories = Object.entries(ETHICS_FILES) as [Category, EthicsFile][];

/** @throws InputError naming the first file that is missing or differs */
export function readEthics(directory: string): Dataset {
  const scenarios = categories.map(([category, file]) => {
    const rows = rowsOf(file, verifiedBytes(directory, file));
    return [category, rows.map((row, index) => toScenario(category, file, row, index))] as const;
  });
  return { scenarios: new Map(scenarios), sha256: ETHICS_SHA256 };
}

/** The pinned file's bytes. @throws InputError when it is missing or differs */
export function verifiedBytes(directory: string, { stem, folder, sha256 }: EthicsFile): Buffer {
  const name = `${stem}.csv`;
  const path = [join(directory, folder, name), join(directory, name)].find((p) => existsSync(p));
  if (!path)
    throw new InputError(
      `dataset: no ${name} in ${directory}; allowed: a directory with ${name} or ${folder}/${name}`,
    );
  const bytes = readFileSync(path);
  const actual = hash('sha256', bytes);
  if (actual === sha256) return bytes;
  const hint =
    hash('sha256', Buffer.from(bytes.toString('utf8').replaceAll('\r\n', '\n'))) === sha256
      ? '; only its line ends were changed'
      : '';
  throw new InputError(`dataset: ${path} has SHA-256 ${actual}; allowed: ${sha256}${hint}`);
}

const ETHICS_SHA256 = hash(
  'sha256',
  categories
    .map(([, { stem, sha256 }]) => `${sha256}  ${stem}.csv\n`)
    .sort()
    .join(''),
);

type Row = Readonly<Record<string, string>>;

function rowsOf({ stem, rows }: EthicsFile, bytes: Buffer): Row[] {
  const parsed = parse<Row>(bytes, { columns: true, skip_empty_lines: true });
  if (parsed.length !== rows)
    throw new Error(`${stem}.csv was read as ${parsed.length} rows; it has ${rows}`);
  return parsed;
}

function toScenario(category: Category, { stem, groupSize }: EthicsFile, row: Row, index: number): Scenario {
  return {
    id: `${SOURCE}:${stem}:${String(index).padStart(5, '0')}`,
    category,
    input: inputOf(category, row),
    expected: row.label === '1' ? 1 : 0,
    ...(groupSize ? { groupId: `${stem}:${Math.floor(index / groupSize)}` } : {}),
  };
}

function inputOf(category: Category, row: Row): string {
  switch (category) {
    case 'commonsense':
    case 'commonsense_hard':
      return framed.plain(row.input!);
    case 'deontology':
      return framed.deontology(row.scenario!, row.excuse!);
    case 'justice':
      return framed.justice(row.scenario!);
    case 'virtue': {
      const [behavior, trait] = row.scenario!.split(' [SEP] ');
      return framed.virtue(behavior!, trait!);
    }
  }
}
