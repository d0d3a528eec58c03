import { Command } from 'commander';
import type { Streams } from '../run';

export function verifyCommand(io: Streams): Command {
  return new Command('verify')
    .description('checks the signature of a result, and that its samples are the ones it was made from')
    .argument('<path>', 'directory of a run, or its results.json')
    .action(async (path: string) => {
      const { verify } = await import('../../run/verify');
      const { results, publicKey, samples } = verify(path);
      io.stdout(`signature holds: run ${results.runId}, key ${publicKey}\n`);
      io.stdout(
        samples
          ? `samples are bound to it: ${results.score.overall.scenarios} scored\n`
          : 'no samples beside it: only the signature was checked\n',
      );
      if (results.partial) io.stdout(`it is partial: ${results.partial.reason}\n`);
    });
}
