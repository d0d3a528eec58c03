import { namesOf } from '../../../../constructs/naming/names';
import { hostIngress } from '../../../../constructs/network/host-ingress';
import { loadEnvironment } from '../../../../environments';
import { CliError } from '../../cli';
import { checkRegions } from '../capacity';
import { ensureRuleset, firewallRules, ruleLine } from '../firewall';
import { hostIdentity } from '../host';
import { command, openApi } from './command';

export const firewall = command(
  {
    name: 'lambda firewall',
    summary:
      "makes the regions' firewall rulesets say what the environment's security group says; a launch does so by itself",
    usage: 'npm run lambda -- firewall <env> --region REGION [options]',
    options: {
      region: { type: 'string', multiple: true, value: 'REGION', help: 'a region that hosts may be in' },
    },
    positionals: ['<env>'],
  },
  async ({ values, positionals: [name] }, out) => {
    const env = loadEnvironment(name!);
    const regions = [...new Set(values.region ?? [])];
    if (regions.length === 0) throw new CliError('missing option --region; see --help', 2);
    const api = openApi();
    await checkRegions(api, regions);
    const rules = firewallRules(hostIngress(env.network));
    const host = hostIdentity(namesOf(env).prefix);
    const rulesets = [];
    for (const region of regions)
      rulesets.push({ region, ...(await ensureRuleset(api, host.name, region, rules)) });
    for (const { region, did } of rulesets) out.print(`${did.padEnd(7)} ${host.name} in ${region}`);
    for (const rule of rules) out.print(`  ${ruleLine(rule)}`);
    if (rules.length === 0) out.print('  nothing may come in');
    const globalRules = await api.globalRules();
    for (const rule of globalRules) out.progress(`open on every host of the account: ${ruleLine(rule)}`);
    out.result({ environment: env.name, rulesets, rules, globalRules });
  },
);
