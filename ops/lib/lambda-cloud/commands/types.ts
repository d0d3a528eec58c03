import { typeTable } from '../tables';
import { command, openApi } from './command';

export const types = command(
  {
    name: 'lambda types',
    summary: 'lists the instance types, their prices of now, and the regions that have one free',
    usage: 'npm run lambda -- types [options]',
  },
  async (_args, out) => {
    const types = await openApi().types();
    for (const line of typeTable(types)) out.print(line);
    out.result({ types });
  },
);
