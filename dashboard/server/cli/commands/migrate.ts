/** `he300-dashboard migrate`: brings the store to this version; `serve` does the same by itself. */
import { Command } from 'commander';
import { mkdirSync } from 'node:fs';
import { sqlitePath } from '../../config';
import { openStore } from '../../store/database';
import { migrate } from '../../store/migrate';
import { configOf, type Io } from '../io';

export function migrateCommand(io: Io): Command {
  return new Command('migrate').description('brings the store to this version').action(async () => {
    const config = configOf(io);
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    const store = openStore({ path: sqlitePath(config), databaseUrl: config.databaseUrl });
    try {
      const ran = await migrate(store);
      io.stdout(ran.length === 0 ? 'nothing to migrate\n' : ran.map((name) => `migrated ${name}\n`).join(''));
    } finally {
      await store.db.destroy();
    }
  });
}
