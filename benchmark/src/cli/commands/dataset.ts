import { Command } from 'commander';
import { DEFAULT_DATASET } from '../options';
import type { Streams } from '../run';

export function datasetCommand(io: Streams): Command {
  const dataset = new Command('dataset').description('keeps the scenarios of Hendrycks ETHICS');
  dataset
    .command('import')
    .description(
      'takes ETHICS from a directory, a zip or tar archive, or a URL of one; refuses files that differ from the pinned ones',
    )
    .argument('<source>', 'directory, archive or URL')
    .option('--to <dir>', 'where it is kept', DEFAULT_DATASET)
    .action(async (source: string, { to }: { to: string }) => {
      const { importEthics } = await import('../../dataset/import-ethics');
      const { scenarios, sha256 } = await importEthics(source, to);
      for (const [category, list] of scenarios)
        io.stdout(`${String(list.length).padStart(5)}  ${category}\n`);
      io.stdout(`kept in ${to}, sha256 ${sha256}\n`);
    });
  return dataset;
}
