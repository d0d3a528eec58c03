/** `he300-dashboard serve`: the server, until it is told to stop. */
import { Command } from 'commander';
import { once } from 'node:events';
import { directories, isBundled } from '../../directories';
import { jsonLog } from '../../log';
import { startServer } from '../../start';
import { configOf, type Io } from '../io';

export function serveCommand(io: Io): Command {
  const command = new Command('serve')
    .description('starts the server; SIGTERM or Ctrl-C stops it when what was begun is done')
    .action(async ({ build = false }: { readonly build?: boolean }) => {
      const tell = (line: string) => io.stderr(`${line}\n`);
      const config = configOf(io);
      if (!isBundled && build) {
        tell('he300-dashboard: building the page where its sources have changed');
        const { buildPage } = await import('../../../build/page');
        await buildPage();
      }
      const log = jsonLog(io.stdout, io.now);
      const server = await startServer(config, { log, directories: directories(), tell });
      tell(`he300-dashboard: ${server.url}`);
      if (!io.stop.aborted) await once(io.stop, 'abort');
      await server.stop();
    });
  return isBundled
    ? command
    : command.option('--build', 'build the page first where its sources have changed', false);
}
