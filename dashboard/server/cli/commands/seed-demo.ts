/** `he300-dashboard seed-demo`: something to look at. */
import { Command } from 'commander';
import { seedDemo } from '../../demo/seed-demo';
import { withServices, type Io } from '../io';

export function seedDemoCommand(io: Io): Command {
  return new Command('seed-demo')
    .description('makes up a dozen runs of models that do not exist, all marked demo')
    .action(() =>
      withServices(io, async (services) => {
        const ids = await seedDemo(services);
        io.stdout(`made up ${ids.length} runs: ${ids.join(', ')}\n`);
      }),
    );
}
