/** The commands of `he300` and how they are called. */
import { Command, CommanderError } from 'commander';
import { compareCommand } from './commands/compare';
import { datasetCommand } from './commands/dataset';
import { exportCommand } from './commands/export';
import { deliverCommand } from './commands/deliver';
import { healthCommand } from './commands/health';
import { hostCommand } from './commands/host';
import { loadCommand } from './commands/load';
import { reportCommand } from './commands/report';
import { runCommand } from './commands/run';
import { sampleCommand } from './commands/sample';
import { tunnelCommand } from './commands/tunnel';
import { verifyCommand } from './commands/verify';
import { EXIT, type Streams } from './run';

export interface Program {
  /** Resolves to the exit code. */
  call(argv: readonly string[]): Promise<number>;
}

export function program(version: string, streams: Omit<Streams, 'exit'>): Program {
  let code: number = EXIT.ok;
  const io: Streams = { ...streams, exit: (wanted) => void (code = wanted) };
  const root = new Command('he300')
    .description('scores a language model on HE-300')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);
  root.addCommand(datasetCommand(io));
  root.addCommand(sampleCommand(io));
  root.addCommand(runCommand(io));
  root.addCommand(loadCommand(io));
  root.addCommand(verifyCommand(io));
  root.addCommand(reportCommand(io));
  root.addCommand(exportCommand(io));
  root.addCommand(compareCommand(io));
  root.addCommand(hostCommand(io));
  root.addCommand(healthCommand(io));
  root.addCommand(deliverCommand(io));
  root.addCommand(tunnelCommand(io));
  for (const command of [root, ...root.commands, ...root.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout(text),
      writeErr: (text) => io.stderr(text),
      outputError: () => undefined,
    });
  }
  return { call: async (argv) => (await call(root, argv, io)) || code };
}

async function call(root: Command, argv: readonly string[], io: Streams): Promise<number> {
  if (argv.length === 0) {
    io.stderr('he300: no command given; see --help\n');
    return EXIT.usage;
  }
  try {
    await root.parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    const what = error.message.replace(/^error: /, '').replace(/\n.*/s, '');
    io.stderr(`he300: ${what === '(outputHelp)' ? 'no command given' : what}; see --help\n`);
    return EXIT.usage;
  }
}
