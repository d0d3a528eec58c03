import { WIREGUARD_PORT } from '../../network/ports';
import { blocks, type Attributes, type Rule } from '../rule';

/** A prefix shorter than this is the world by another name: 0.0.0.0/1 and 128.0.0.0/1 together are everything. */
const SHORTEST_PREFIX = { v4: 8, v6: 20 };

export const noWorldOpenPort: Rule = {
  id: 'no-world-open-port',
  cause: 'a port that is open to the world is found and tried within minutes',
  remedy: `name the ranges that need the port; only ${WIREGUARD_PORT}/udp may be open, for WireGuard answers nobody who lacks a key`,
  check({ type, attributes }) {
    switch (type) {
      case 'aws_security_group':
        // Terraform takes an expression for the whole list, and an iterator writes one.
        return typeof attributes.ingress === 'string'
          ? `ingress is an expression that cannot be checked: ${attributes.ingress.slice(0, 40)}`
          : blocks(attributes, 'ingress').map(finding).find(Boolean);
      case 'aws_default_security_group':
        return blocks(attributes, 'ingress').length > 0
          ? 'the default security group lets something in'
          : undefined;
      case 'aws_security_group_rule':
        return attributes.type === 'ingress' ? finding(attributes) : undefined;
      case 'aws_vpc_security_group_ingress_rule':
        return finding(attributes);
      default:
        return undefined;
    }
  },
};

/** A range, be it the whole value or part of an expression. */
const RANGE = /[\da-f.:]+\/\d+/gi;

function finding(rule: Attributes): string | undefined {
  const ranges = [rule.cidr_ipv4, rule.cidr_ipv6, rule.cidr_blocks, rule.ipv6_cidr_blocks]
    .flat()
    .flatMap((value) => (typeof value === 'string' ? (value.match(RANGE) ?? []) : []));
  const world = ranges.find(isWorld);
  if (!world) return undefined;
  const protocol = rule.ip_protocol ?? rule.protocol;
  const wireguard =
    protocol === 'udp' && rule.from_port === WIREGUARD_PORT && rule.to_port === WIREGUARD_PORT;
  const ports =
    protocol === '-1'
      ? 'every port'
      : `${String(rule.from_port)}-${String(rule.to_port)}/${String(protocol)}`;
  return wireguard ? undefined : `${ports} is open to ${world}`;
}

function isWorld(range: string): boolean {
  const prefix = Number(range.split('/')[1]);
  return prefix < (range.includes(':') ? SHORTEST_PREFIX.v6 : SHORTEST_PREFIX.v4);
}
