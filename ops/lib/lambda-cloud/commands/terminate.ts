import { terminateHost } from '../terminate-host';
import { command, identityOf, MAX_DEADLINE_MINUTES, numberOption, openApi, PREFIX_OPTION } from './command';

export const terminate = command(
  {
    name: 'lambda terminate',
    summary: "ends the environment's host and waits until the API says so; safe to repeat",
    usage: 'npm run lambda -- terminate [env] [options]',
    options: {
      ...PREFIX_OPTION,
      deadline: { type: 'string', value: 'MINUTES', help: 'how long to wait for its end', default: '10' },
    },
    positionals: ['[env]'],
  },
  async ({ values, positionals: [name] }, out) => {
    const host = identityOf(name, values.prefix);
    const deadlineMinutes = numberOption('deadline', values.deadline, 0, MAX_DEADLINE_MINUTES);
    const ended = await terminateHost(openApi(), { host, deadlineMinutes, progress: out.progress });
    out.print(ended.length > 0 ? `ended ${ended.join(', ')}` : `${host.environment} has no host`);
    out.result({ prefix: host.environment, ended });
  },
);
