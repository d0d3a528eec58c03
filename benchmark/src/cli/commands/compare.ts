import { Command, Option } from 'commander';
import { EXIT, type Streams } from '../run';

interface CompareOptions {
  readonly intersect?: boolean;
  readonly json?: boolean;
  readonly failIf?: 'worse';
}

export function compareCommand(io: Streams): Command {
  return new Command('compare')
    .description('holds runs against a baseline, scenario by scenario: better, worse or tied')
    .argument('<baseline>', 'directory of a run')
    .argument('<candidates...>', 'directories of other runs')
    .option('--intersect', 'compare the scenarios that all have, though their samples differ')
    .option('--json', 'as JSON, with every discordant scenario')
    .addOption(new Option('--fail-if <verdict>', 'exit with 1 when any candidate is that').choices(['worse']))
    .action(async (baseline: string, candidates: string[], options: CompareOptions) => {
      const [{ loadRuns }, { compare }, { comparisonText }] = await Promise.all([
        import('../../compare/load-runs'),
        import('../../compare/compare'),
        import('../../compare/text'),
      ]);
      const [first, ...others] = loadRuns([baseline, ...candidates], {
        intersect: options.intersect === true,
      });
      const comparisons = compare(first!, others);
      io.stdout(options.json ? `${JSON.stringify(comparisons, null, 1)}\n` : comparisonText(comparisons));
      if (comparisons.some(({ verdict }) => verdict === options.failIf)) io.exit(EXIT.failed);
    });
}
