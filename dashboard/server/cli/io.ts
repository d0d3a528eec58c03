/** The outside world of a command. */
import { mkdirSync } from 'node:fs';
import { readConfig, sqlitePath, type ServerConfig } from '../config';
import { jsonLog } from '../log';
import { newMetrics } from '../metrics';
import { openArtifactStore } from '../receive/artifact-store';
import type { Services } from '../services';
import { openStore, type Store } from '../store/database';
import { migrate } from '../store/migrate';

export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** All of standard input. */
  stdin(): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Given when the user wants to stop. */
  readonly stop: AbortSignal;
}

/** As the audit log names whoever has a shell on the server. */
export const CLI_ACTOR = 'cli';

export const configOf = ({ env }: Io): ServerConfig => readConfig(env);

/** The store, brought to this version and closed afterwards. A server may have it open too. */
export async function withStore<T>(
  io: Io,
  work: (store: Store, config: ServerConfig) => Promise<T>,
): Promise<T> {
  const config = configOf(io);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const store = openStore({ path: sqlitePath(config), databaseUrl: config.databaseUrl });
  try {
    await migrate(store);
    return await work(store, config);
  } finally {
    await store.db.destroy();
  }
}

/** As `withStore`, with what the receiving side needs. */
export const withServices = <T>(io: Io, work: (services: Services) => Promise<T>): Promise<T> =>
  withStore(io, (store, config) =>
    work({
      ...{ store, config, now: io.now },
      artifacts: openArtifactStore(config.artifacts),
      // What goes well is told by the command itself.
      log: { ...jsonLog(io.stderr, io.now), info: () => undefined },
      metrics: newMetrics(),
    }),
  );

/** Rows below their headings, in columns. */
export function columns(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  return all.map((row) => `${line(row)}\n`).join('');
}
