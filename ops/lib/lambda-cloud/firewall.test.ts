import { hostIngress } from '../../../constructs/network/host-ingress';
import { describeOnLambdaCloud } from '../../../test/support/lambda-cloud-world';
import { devWith } from '../../../test/support/stacks';
import { ensureRuleset, firewallRules, ruleLine } from './firewall';

const { network } = devWith({});
const rulesIn = (mode: typeof network.mode, adminCidrs: string[] = []) =>
  firewallRules(hostIngress({ ...network, mode, adminCidrs }));
const SSH = rulesIn({ kind: 'outbound' }, ['203.0.113.0/24']);

test('the rules are those of the security group', () => {
  expect(rulesIn({ kind: 'outbound' })).toEqual([]);
  expect(rulesIn({ kind: 'wireguard', peers: [] })).toEqual([
    { protocol: 'udp', port_range: [51820, 51820], source_network: '0.0.0.0/0', description: 'WireGuard' },
  ]);
  expect(SSH.map(ruleLine)).toEqual(['tcp 22 from 203.0.113.0/24 (administration)']);
});

test('a rule without ports, and one with a range, are told as they are', () => {
  const rule = { protocol: 'icmp', source_network: '0.0.0.0/0', description: '' };
  expect(ruleLine(rule)).toBe('icmp from 0.0.0.0/0');
  expect(ruleLine({ ...rule, protocol: 'tcp', port_range: [80, 90] })).toBe('tcp 80-90 from 0.0.0.0/0');
});

describeOnLambdaCloud('a ruleset', (world) => {
  const ensure = (rules = SSH, region = 'us-west-1') => ensureRuleset(world().api, 'ours', region, rules);

  test('is made once for each region', async () => {
    const { id, did } = await ensure();
    expect(did).toBe('created');
    expect(await ensure()).toEqual({ id, did: 'kept' });
    expect(await ensure(SSH, 'us-east-1')).toMatchObject({ did: 'created' });
    expect(world().account.rulesets).toHaveLength(2);
  });

  test('that says something else is changed', async () => {
    const { id } = await ensure([]);
    expect(await ensure()).toEqual({ id, did: 'changed' });
    expect(world().account.rulesets).toMatchObject([{ rules: SSH }]);
    expect(await ensure([])).toEqual({ id, did: 'changed' });
  });

  test('that says the same in another order, or without a mask, is kept', async () => {
    const two = rulesIn({ kind: 'outbound' }, ['203.0.113.7/32', '198.51.100.0/24']);
    await ensure(two);
    const [ruleset] = world().account.rulesets;
    ruleset!.rules = [two[1]!, { ...two[0]!, source_network: '203.0.113.7' }];
    expect(await ensure(two)).toMatchObject({ did: 'kept' });
  });

  test('of somebody else is left alone', async () => {
    await world().api.addRuleset('theirs', 'us-west-1', []);
    await ensure();
    expect(world().account.rulesets).toMatchObject([{ name: 'theirs', rules: [] }, { name: 'ours' }]);
  });

  test('there twice, because two launchers made it: the older counts for both', async () => {
    const older = await world().api.addRuleset('ours', 'us-west-1', []);
    await world().api.addRuleset('ours', 'us-west-1', []);
    world().account.rulesets.reverse();
    expect(await ensure()).toEqual({ id: older, did: 'changed' });
  });
});
