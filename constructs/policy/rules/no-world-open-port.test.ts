import { describeRule } from '../../../test/support/synth';
import { noWorldOpenPort } from './no-world-open-port';

const tcp = (port: number) => ({ from_port: port, to_port: port, protocol: 'tcp' });
const rule = (cidr: string, port = 22, ip_protocol = 'tcp') => ({
  cidr_ipv4: cidr,
  from_port: port,
  to_port: port,
  ip_protocol,
});

describeRule(noWorldOpenPort, {
  violations: [
    [
      'ssh from everywhere',
      [['aws_vpc_security_group_ingress_rule', rule('0.0.0.0/0')]],
      '22-22/tcp is open to 0.0.0.0/0',
    ],
    [
      'half of the world',
      [['aws_vpc_security_group_ingress_rule', rule('128.0.0.0/1', 443)]],
      '443-443/tcp is open to 128.0.0.0/1',
    ],
    [
      'everywhere by IPv6',
      [['aws_vpc_security_group_ingress_rule', { cidr_ipv6: '::/0', ip_protocol: '-1' }]],
      'every port is open to ::/0',
    ],
    [
      'tcp on the tunnel’s port',
      [['aws_vpc_security_group_ingress_rule', rule('0.0.0.0/0', 51820)]],
      '51820-51820/tcp is open to 0.0.0.0/0',
    ],
    [
      'a range around the tunnel’s port',
      [['aws_vpc_security_group_ingress_rule', { ...rule('0.0.0.0/0', 51820, 'udp'), to_port: 51821 }]],
      '51820-51821/udp is open to 0.0.0.0/0',
    ],
    [
      'the second rule inside a group',
      [
        [
          'aws_security_group',
          {
            ingress: [
              { ...tcp(22), cidr_blocks: ['10.0.0.0/8'] },
              { ...tcp(80), cidr_blocks: ['10.0.0.0/8', '0.0.0.0/0'] },
            ],
          },
        ],
      ],
      '80-80/tcp is open to 0.0.0.0/0',
    ],
    [
      'a rule of the older kind',
      [['aws_security_group_rule', { type: 'ingress', ...tcp(8080), ipv6_cidr_blocks: ['::/0'] }]],
      '8080-8080/tcp is open to ::/0',
    ],
    [
      'a rule that a dynamic block makes',
      [
        [
          'aws_security_group',
          {
            dynamic: {
              ingress: { for_each: ['x'], content: { ...tcp(22), cidr_blocks: ['0.0.0.0/0'] } },
            },
          },
        ],
      ],
      '22-22/tcp is open to 0.0.0.0/0',
    ],
    [
      'rules that only Terraform knows',
      [['aws_security_group', { ingress: '${local.rules}' }]],
      'ingress is an expression that cannot be checked: ${local.rules}',
    ],
    [
      'everywhere, within an expression',
      [
        [
          'aws_vpc_security_group_ingress_rule',
          { ...rule('x'), cidr_ipv4: '${var.open ? "0.0.0.0/0" : "10.0.0.0/8"}' },
        ],
      ],
      '22-22/tcp is open to 0.0.0.0/0',
    ],
    [
      'a default group that lets anything in',
      [['aws_default_security_group', { ingress: { ...tcp(22), cidr_blocks: ['10.0.0.0/8'] } }]],
      'the default security group lets something in',
    ],
  ],
  compliant: [
    ['WireGuard from everywhere', [['aws_vpc_security_group_ingress_rule', rule('0.0.0.0/0', 51820, 'udp')]]],
    ['a port for named ranges', [['aws_vpc_security_group_ingress_rule', rule('192.30.252.0/22', 443)]]],
    [
      'the way out',
      [['aws_security_group_rule', { type: 'egress', ...tcp(443), cidr_blocks: ['0.0.0.0/0'] }]],
    ],
    ['a closed default group', [['aws_default_security_group', {}]]],
  ],
});
