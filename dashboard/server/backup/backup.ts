/** Backup while servers go on, and restore into a store that nothing is lost from. The files of runs are backed up apart. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { sqlitePath, type ServerConfig } from '../config';
import { InputError } from '../errors';
import { openStore } from '../store/database';
import { migrate } from '../store/migrate';
import { checkedManifest, demandSameRows, fileSha256, manifestPath, type Manifest } from './manifest';
import { dumpPostgres, postgresRows, restorePostgres } from './postgres';
import { checkSqlite, copySqlite, flush, replaceSqlite, rowsOfClosed } from './sqlite';

type Place = Pick<ServerConfig, 'dataDir' | 'databaseUrl'>;

/**
 * Writes FILE and its manifest FILE.json; neither stands there before it is whole and checked.
 * @throws InputError when FILE is there already, or the copy does not pass
 */
export async function backUp(place: Place, file: string, now: Date): Promise<Manifest> {
  for (const path of [file, manifestPath(file)])
    if (existsSync(path)) throw new InputError(`${path} is there already; a backup overwrites nothing`);
  const partial = `${file}.partial-${randomBytes(4).toString('hex')}`;
  try {
    const content = await copy(place, partial);
    const made: Manifest = {
      schema: 'he300.backup/v1',
      kind: place.databaseUrl === undefined ? 'sqlite' : 'postgres',
      at: now.toISOString(),
      bytes: statSync(partial).size,
      sha256: await fileSha256(partial),
      ...content,
    };
    flush(partial);
    writeFileSync(`${partial}.json`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(partial, file);
    renameSync(`${partial}.json`, manifestPath(file));
    return made;
  } finally {
    rmSync(partial, { force: true });
    rmSync(`${partial}.json`, { force: true });
  }
}

/** The keys of the webhooks are in a copy: only its owner may read it. */
async function copy(
  { databaseUrl, ...place }: Place,
  partial: string,
): Promise<Pick<Manifest, 'migrations' | 'rows'>> {
  const mask = process.umask(0o077);
  try {
    return databaseUrl === undefined
      ? copySqlite(sqlitePath(place), partial)
      : await dumpPostgres(databaseUrl, partial);
  } finally {
    process.umask(mask);
  }
}

export interface Restored {
  readonly manifest: Manifest;
  /** Where the SQLite file that was there before is kept. */
  readonly before: string | undefined;
  /** Migrations that an older backup needed. */
  readonly migrated: readonly string[];
}

/**
 * @param force puts it in the place of a store that has rows
 * @throws InputError when the backup does not hold what its manifest says, is of another kind of database or of a newer
 *   version, or the store has rows or is in use: the store is as it was then
 */
export async function restore(place: Place, file: string, force: boolean, now: Date): Promise<Restored> {
  const manifest = await checkedManifest(file);
  const kind = place.databaseUrl === undefined ? 'sqlite' : 'postgres';
  if (manifest.kind !== kind)
    throw new InputError(
      `${file} is a backup of ${manifest.kind}, and the store is ${kind}; set DATABASE_URL accordingly`,
    );
  const found = kind === 'sqlite' ? sqliteRows(sqlitePath(place)) : await postgresRows(place.databaseUrl!);
  const rows = Object.values(found).reduce((sum, count) => sum + count, 0);
  if (rows > 0 && !force)
    throw new InputError(`the store has ${rows} rows already; allowed: an empty one, or --force`);

  let before: string | undefined;
  if (kind === 'sqlite') {
    demandSameRows(checkSqlite(file).rows, manifest);
    mkdirSync(place.dataDir, { recursive: true, mode: 0o700 });
    before = replaceSqlite(file, sqlitePath(place), now);
  } else demandSameRows((await restorePostgres(place.databaseUrl!, file)).rows, manifest);

  const store = openStore({ path: sqlitePath(place), databaseUrl: place.databaseUrl });
  try {
    return { manifest, before, migrated: await migrate(store) };
  } finally {
    await store.db.destroy();
  }
}

const sqliteRows = (path: string) => (existsSync(path) ? rowsOfClosed(path) : {});
