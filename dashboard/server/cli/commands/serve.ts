/** `he300-dashboard serve`: the server, until it is told to stop. */
import { Command } from 'commander';
import { once } from 'node:events';
import { directories } from '../../directories';
import { jsonLog } from '../../log';
import { startServer } from '../../start';
import { configOf, type Io } from '../io';

export function serveCommand(io: Io): Command {
  return new Command('serve')
    .description('starts the server; SIGTERM or Ctrl-C stops it when what was begun is done')
    .action(async () => {
      const log = jsonLog(io.stdout, io.now);
      const tell = (line: string) => io.stderr(`${line}\n`);
      const server = await startServer(configOf(io), { log, directories: directories(), tell });
      tell(`he300-dashboard: ${server.url}`);
      if (!io.stop.aborted) await once(io.stop, 'abort');
      await server.stop();
    });
}
