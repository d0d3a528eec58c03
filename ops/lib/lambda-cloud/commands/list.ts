import { TAG } from '../../../../constructs/naming/tags';
import { isOurs } from '../host';
import { instanceTable } from '../tables';
import { command, identityOf, openApi, PREFIX_OPTION } from './command';

export const list = command(
  {
    name: 'lambda list',
    summary: "lists the account's hosts that carry our tag, or those of one environment",
    usage: 'npm run lambda -- list [env] [options]',
    options: {
      ...PREFIX_OPTION,
      all: { type: 'boolean', help: "every instance of the account, somebody else's included" },
    },
    positionals: ['[env]'],
  },
  async ({ values, positionals: [name] }, out) => {
    const host = (name ?? values.prefix) ? identityOf(name, values.prefix) : undefined;
    const api = openApi();
    const instances = (await api.instances()).filter(
      (one) => values.all || (host ? isOurs(one, host) : one.tags[TAG.environment] !== undefined),
    );
    for (const line of instanceTable(instances, api.clock.now())) out.print(line);
    if (instances.length === 0) out.print('no instances');
    out.result({ instances: instances.map(({ terminable: _, ...one }) => one) });
  },
);
