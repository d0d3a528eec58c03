import { waitForHost } from '../wait-for-host';
import {
  command,
  identityOf,
  interruptible,
  MAX_DEADLINE_MINUTES,
  numberOption,
  openApi,
  PREFIX_OPTION,
} from './command';

export const wait = command(
  {
    name: 'lambda wait',
    summary: "waits until the environment's host is active",
    usage: 'npm run lambda -- wait [env] [options]',
    options: {
      ...PREFIX_OPTION,
      deadline: { type: 'string', value: 'MINUTES', help: 'how long to wait', default: '20' },
    },
    positionals: ['[env]'],
  },
  async ({ values, positionals: [name] }, out) => {
    const host = identityOf(name, values.prefix);
    const deadlineMinutes = numberOption('deadline', values.deadline, 0, MAX_DEADLINE_MINUTES);
    const api = openApi();
    const { id, region, status, ip } = await interruptible(out, (signal) =>
      waitForHost(api, { host, deadlineMinutes, signal, progress: out.progress }),
    );
    out.print(`${id} is active in ${region}${ip ? ` at ${ip}` : ''}`);
    out.result({ prefix: host.environment, id, region, status, ip });
  },
);
