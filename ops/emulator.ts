import { join } from 'node:path';
import { CliError, runCli } from './lib/cli';
import { emulatorEnv, endpointOf } from './lib/emulator';
import { daemonStatus, startDaemon, stopDaemon } from './lib/emulator-daemon';

const STATE_DIR = join(__dirname, '../.he300');

runCli(
  {
    name: 'emulator',
    summary:
      'runs an AWS emulator in the background (state in .he300/emulator.json, log in .he300/emulator.log)',
    usage: 'npm run emulator -- <start|stop|status|env> [options]',
    options: { port: { type: 'string', value: 'N', help: 'port to start at (default 5555)' } },
    positionals: ['<start|stop|status|env>'],
  },
  async ({ values, positionals: [action] }, out) => {
    switch (action) {
      case 'start': {
        const { pid, port, alreadyRan } = await startDaemon(STATE_DIR, parsePort(values.port));
        out.print(
          `emulator ${alreadyRan ? 'already running' : 'started'} at ${endpointOf(port)}, pid ${pid}`,
        );
        out.result({ running: true, alreadyRan, pid, port, endpoint: endpointOf(port) });
        return 0;
      }
      case 'stop': {
        const stopped = await stopDaemon(STATE_DIR);
        out.print(stopped ? 'emulator stopped' : 'emulator was not running');
        out.result({ running: false, stopped });
        return 0;
      }
      case 'status': {
        const daemon = await daemonStatus(STATE_DIR);
        out.print(
          daemon
            ? `emulator running at ${endpointOf(daemon.port)}, pid ${daemon.pid}`
            : 'emulator not running',
        );
        out.result({ running: daemon !== undefined, ...daemon });
        return daemon ? 0 : 1;
      }
      case 'env': {
        const daemon = await daemonStatus(STATE_DIR);
        if (!daemon) throw new CliError('not running; start it with: npm run emulator -- start');
        const env = emulatorEnv(daemon.port);
        for (const [name, value] of Object.entries(env)) out.print(`export ${name}=${value}`);
        out.result(env);
        return 0;
      }
      default:
        throw new CliError(`unknown action '${action}'; allowed: start, stop, status, env`, 2);
    }
  },
);

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new CliError(`--port: '${text}'; allowed: 1 to 65535`, 2);
}
