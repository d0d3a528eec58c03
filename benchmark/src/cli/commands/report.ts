import { Command } from 'commander';
import type { Streams } from '../run';

export function reportCommand(io: Streams): Command {
  return new Command('report')
    .description('prints the report of a run on one page')
    .argument('<path>', 'directory of a run, or its results.json')
    .action(async (path: string) => {
      const [{ verify }, { textReport }] = await Promise.all([
        import('../../run/verify'),
        import('../../report/text'),
      ]);
      io.stdout(textReport(verify(path).results));
    });
}
