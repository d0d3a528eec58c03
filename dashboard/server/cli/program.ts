/** The commands of `he300-dashboard` and how they are called. */
import { Command, CommanderError } from 'commander';
import { SETTINGS } from '../config';
import { backupCommand, restoreCommand } from './commands/backup';
import { importCommand } from './commands/import';
import { migrateCommand } from './commands/migrate';
import { seedDemoCommand } from './commands/seed-demo';
import { serveCommand } from './commands/serve';
import { tokenCommand } from './commands/token';
import { webhookKeyCommand } from './commands/webhook-key';
import type { Io } from './io';
import { EXIT } from './run';

const WIDTH = Math.max(...SETTINGS.map(([name]) => name.length));
const HELP = [
  '\nSettings (variables of the environment):',
  ...SETTINGS.map(([name, meaning]) => `  ${name.padEnd(WIDTH)}  ${meaning}`),
].join('\n');

/** Resolves to the exit code. */
export async function call(argv: readonly string[], version: string, io: Io): Promise<number> {
  const root = new Command('he300-dashboard')
    .description('keeps and shows the results of HE-300 runs')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', HELP);
  root.addCommand(serveCommand(io));
  root.addCommand(migrateCommand(io));
  root.addCommand(tokenCommand(io));
  root.addCommand(webhookKeyCommand(io));
  root.addCommand(backupCommand(io));
  root.addCommand(restoreCommand(io));
  root.addCommand(importCommand(io));
  root.addCommand(seedDemoCommand(io));
  for (const command of [root, ...root.commands, ...root.commands.flatMap(({ commands }) => commands)])
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout(text),
      writeErr: (text) => io.stderr(text),
      outputError: () => undefined,
    });
  if (argv.length === 0) {
    io.stderr('he300-dashboard: no command given; see --help\n');
    return EXIT.usage;
  }
  try {
    await root.parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    const what = error.message.replace(/^error: /, '').replace(/\n.*/s, '');
    io.stderr(`he300-dashboard: ${what === '(outputHelp)' ? 'no command given' : what}; see --help\n`);
    return EXIT.usage;
  }
}
