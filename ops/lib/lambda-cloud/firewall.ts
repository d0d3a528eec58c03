/** Firewall rulesets: the security group's rules in Lambda Cloud's form, one ruleset a region. */
import type { IngressRule } from '../../../constructs/network/host-ingress';
import type { FirewallRule } from './answers';
import type { LambdaCloudApi } from './api';

export const firewallRules = (ingress: readonly IngressRule[]): FirewallRule[] =>
  ingress.map(({ protocol, port, cidr, description }) => ({
    protocol,
    port_range: [port, port],
    source_network: cidr,
    description,
  }));

export interface EnsuredRuleset {
  readonly id: string;
  readonly did: 'created' | 'changed' | 'kept';
}

/** Makes the region's ruleset of that name say exactly these rules; of two of the same name the older one counts. */
export async function ensureRuleset(
  api: LambdaCloudApi,
  name: string,
  region: string,
  rules: readonly FirewallRule[],
): Promise<EnsuredRuleset> {
  const [there] = (await api.rulesets())
    .filter((one) => one.name === name && one.region.name === region)
    .sort((a, b) => Date.parse(a.created) - Date.parse(b.created) || (a.id < b.id ? -1 : 1));
  if (!there) return { id: await api.addRuleset(name, region, rules), did: 'created' };
  if (sameRules(there.rules, rules)) return { id: there.id, did: 'kept' };
  await api.changeRuleset(there.id, rules);
  return { id: there.id, did: 'changed' };
}

export function ruleLine({ protocol, port_range: range, source_network: source, description }: FirewallRule) {
  const [first, last = first] = range ?? [];
  const ports = first === undefined ? '' : ` ${first === last ? first : `${first}-${last}`}`;
  return `${protocol}${ports} from ${source}${description ? ` (${description})` : ''}`;
}

const sameRules = (a: readonly FirewallRule[], b: readonly FirewallRule[]): boolean =>
  canonical(a) === canonical(b);

/** The API reads an address without a mask as a single one. */
const canonical = (rules: readonly FirewallRule[]): string =>
  JSON.stringify(
    rules
      .map(({ protocol, port_range: range = [], source_network: source, description }) =>
        [protocol, ...range, source.includes('/') ? source : `${source}/32`, description].join(' '),
      )
      .sort(),
  );
