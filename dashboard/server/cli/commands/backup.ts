/** `he300-dashboard backup` and `restore`. */
import { Command } from 'commander';
import { resolve } from 'node:path';
import { backUp, restore } from '../../backup/backup';
import { manifestPath } from '../../backup/manifest';
import { configOf, type Io } from '../io';

export function backupCommand(io: Io): Command {
  return new Command('backup')
    .description('copies the store as of one moment while servers go on, and checks the copy')
    .argument('<file>', 'to write; what was found in it goes to <file>.json')
    .addHelpText(
      'after',
      '\nThe files of runs are not in it: copy their directory or bucket after it. They are never changed, only added.\n',
    )
    .action(async (path: string) => {
      const file = resolve(path);
      const { bytes, rows, sha256 } = await backUp(configOf(io), file, io.now());
      io.stdout(
        `${file}: ${bytes} bytes, ${totalOf(rows)} rows, sha256 ${sha256}; see ${manifestPath(file)}\n`,
      );
    });
}

export function restoreCommand(io: Io): Command {
  return new Command('restore')
    .description('checks a backup and puts it in the place of the store; stop the server first')
    .argument('<file>', 'as backup wrote it, with <file>.json beside it')
    .option('--force', 'also where the store has rows', false)
    .action(async (path: string, { force }: { readonly force: boolean }) => {
      const file = resolve(path);
      const { manifest, before, migrated } = await restore(configOf(io), file, force, io.now());
      io.stdout(`restored ${totalOf(manifest.rows)} rows as of ${manifest.at}\n`);
      for (const name of migrated) io.stdout(`migrated ${name}\n`);
      if (before !== undefined) io.stdout(`the store that was there is kept in ${before}\n`);
    });
}

const totalOf = (rows: Readonly<Record<string, number>>): number =>
  Object.values(rows).reduce((sum, count) => sum + count, 0);
