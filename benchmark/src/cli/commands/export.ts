import { Command, Option } from 'commander';
import { FORMATS, type Format } from '../../export/formats';
import { DEFAULT_DATASET } from '../options';
import type { Streams } from '../run';
import { SHARE_HELP, shareOptions } from '../share-options';

interface ExportCommandOptions {
  readonly format: Format;
  readonly out?: string;
  readonly dataset?: string;
  readonly anonymize?: boolean;
  readonly withoutTexts?: boolean;
  readonly withoutPrices?: boolean;
}

const FORMAT_HELP = `
csv      one row for each scored scenario (RFC 4180); a text that a spreadsheet would take for a formula begins with '
json     results and samples in one document
inspect  a log of Inspect AI; where --out does not end in .json it is a directory, and the log in it is called as
         \`inspect view\` wants it
lm-eval  results_*.json and samples_*.jsonl of lm-evaluation-harness, below the directory of --out

A run keeps no text of its scenarios: they are taken from ETHICS where the run found it, or from --dataset, when it is
the same. Without it everything else is exported, and a note says so.
`;

export function exportCommand(io: Streams): Command {
  const command = new Command('export')
    .description('writes a run in the format of another program')
    .argument('<path>', 'directory of a run')
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).makeOptionMandatory())
    .option('--out <path>', 'file, or directory for lm-eval (default: printed)')
    .option('--dataset <dir>', 'directory with ETHICS, for the texts of scenarios');
  for (const option of shareOptions()) command.addOption(option);
  return command
    .addHelpText('after', FORMAT_HELP + SHARE_HELP)
    .action(async (path: string, { out, dataset, ...options }: ExportCommandOptions) => {
      const { exportRun } = await import('../../export/export');
      const { printed, written, notes } = exportRun(path, {
        ...options,
        out,
        dataset,
        usualDataset: DEFAULT_DATASET,
      });
      io.stdout(printed);
      for (const note of notes) io.stderr(`he300: ${note}\n`);
      for (const file of written) io.stderr(`he300: wrote ${file}\n`);
    });
}
