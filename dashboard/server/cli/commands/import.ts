/** `he300-dashboard import`: finished runs that no host reported. */
import { Command } from 'commander';
import { importRun } from '../../receive/import-run';
import { withServices, type Io } from '../io';

export function importCommand(io: Io): Command {
  return new Command('import')
    .description('takes finished runs of `he300 run` into the store, where their signatures hold')
    .argument('<directory...>', 'as he300 run left it, with results.json and samples.jsonl')
    .action((directories: readonly string[]) =>
      withServices(io, async (services) => {
        for (const directory of directories) {
          const { runId, isNew } = await importRun(services, directory);
          io.stdout(isNew ? `imported ${runId}\n` : `${runId} was there already\n`);
        }
      }),
    );
}
