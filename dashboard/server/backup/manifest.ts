/** What a backup is held against when it is restored: `FILE.json` beside it. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { InputError } from '../errors';
import { MIGRATION_NAMES } from '../store/migrate';

export const manifest = z.strictObject({
  schema: z.literal('he300.backup/v1'),
  kind: z.enum(['sqlite', 'postgres']),
  at: z.iso.datetime(),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  migrations: z.array(z.string()).min(1),
  rows: z.record(z.string(), z.int().nonnegative()),
});
export type Manifest = z.infer<typeof manifest>;

/** Rows of each table. */
export type RowCounts = Manifest['rows'];

export const manifestPath = (file: string): string => `${file}.json`;

/** @throws InputError when the backup is not there, is not what its manifest says, or is of a newer version than this */
export async function checkedManifest(file: string): Promise<Manifest> {
  if (!existsSync(file)) throw new InputError(`no backup at ${file}`);
  const path = manifestPath(file);
  if (!existsSync(path)) throw new InputError(`${path} is missing; it stands beside every backup`);
  const { success, data } = manifest.safeParse(jsonOf(readFileSync(path, 'utf8')));
  if (!success) throw new InputError(`${path} is no manifest of a backup`);
  if ((await fileSha256(file)) !== data.sha256)
    throw new InputError(`${file} is not what was backed up: its SHA-256 differs from that in ${path}`);
  const unknown = data.migrations.find((name) => !MIGRATION_NAMES.includes(name));
  if (unknown !== undefined)
    throw new InputError(`${file} was made by a newer version: it has the migration ${unknown}`);
  return data;
}

/** @throws InputError that names the first table that differs */
export function demandSameRows(found: RowCounts, { rows }: Manifest): void {
  for (const [table, count] of Object.entries(rows))
    if (found[table] !== count)
      throw new InputError(
        `the backup should have ${count} rows in ${table}, and has ${found[table] ?? 'no such table'}`,
      );
}

export async function fileSha256(file: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(file), digest);
  return digest.digest('hex');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
