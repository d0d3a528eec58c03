import { loadEnvironment } from '../../environments';
import type { NetworkMode } from '../../environments/schema';
import { devWith, stacksOf } from '../../test/support/stacks';
import { hostIngress, type IngressRule } from './host-ingress';

const { network } = loadEnvironment('dev');
const opened = (mode: NetworkMode, adminCidrs: string[] = []) =>
  hostIngress({ ...network, mode, adminCidrs }).map(show);
const show = ({ port, protocol, cidr }: IngressRule): string => `${port}/${protocol} ${cidr}`;
const direct = (...allow: string[]): NetworkMode => ({ kind: 'direct', domain: 'gpu.example.org', allow });

describe('what reaches the host', () => {
  test.each<[string, NetworkMode, string[]]>([
    ['nothing when it dials out', { kind: 'outbound' }, []],
    ['nothing in a tailnet', { kind: 'tailscale', tag: 'tag:he300' }, []],
    ['WireGuard and nothing else', { kind: 'wireguard', peers: [] }, ['51820/udp 0.0.0.0/0']],
    ['HTTPS from the allow list', direct('203.0.113.0/24'), ['443/tcp 203.0.113.0/24', '80/tcp 0.0.0.0/0']],
    [
      'HTTPS from GitHub’s own ranges by the preset, one that is listed too only once',
      direct('140.82.112.0/20', 'github', 'github', '203.0.113.0/24'),
      [
        '443/tcp 140.82.112.0/20',
        '443/tcp 192.30.252.0/22',
        '443/tcp 185.199.108.0/22',
        '443/tcp 143.55.64.0/20',
        '443/tcp 203.0.113.0/24',
        '80/tcp 0.0.0.0/0',
      ],
    ],
  ])('%s', (_title, mode, rules) => expect(opened(mode)).toEqual(rules));

  test.each<NetworkMode>([
    { kind: 'outbound' },
    { kind: 'wireguard', peers: [] },
    direct('203.0.113.0/24'),
    { kind: 'tailscale', tag: 'tag:he300' },
  ])('the administrator’s port is open to the listed alone, in mode $kind too', (mode) => {
    const ssh = (rules: string[]) => rules.filter((rule) => rule.startsWith('22/'));
    expect(ssh(opened(mode))).toEqual([]);
    expect(ssh(opened(mode, ['198.51.100.7/32', '198.51.100.7/32']))).toEqual(['22/tcp 198.51.100.7/32']);
  });
});

test('the group of a deployed host has these rules, in every region it may stand in', () => {
  const { host } = stacksOf(
    devWith({ network: { ...network, mode: direct('203.0.113.0/24'), adminCidrs: ['198.51.100.7/32'] } }),
  );
  const rules = host.all('aws_vpc_security_group_ingress_rule').map((r) => {
    expect(r.to_port).toBe(r.from_port);
    return `${String(r.security_group_id)} ${String(r.ip_protocol)} ${String(r.from_port)} ${String(r.cidr_ipv4)}`;
  });
  const groups = Object.keys(host.json.resource!.aws_security_group!);
  expect(groups).toHaveLength(2);
  const wanted = groups.flatMap((group) =>
    ['tcp 22 198.51.100.7/32', 'tcp 443 203.0.113.0/24', 'tcp 80 0.0.0.0/0'].map(
      (rule) => `\${aws_security_group.${group}.id} ${rule}`,
    ),
  );
  expect([...rules].sort()).toEqual(wanted.sort());
});
