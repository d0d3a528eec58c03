import { loadEnvironment } from '../../environments';
import { devWith, stacksOf } from '../../test/support/stacks';
import { cidrContains } from './cidr';

const dev = loadEnvironment('dev');
const { host, platform } = stacksOf(dev);

describe('a network of our own', () => {
  test('has a subnet for each zone that a candidate names, all inside its range', () => {
    const subnets = platform.all('aws_subnet');
    expect(subnets.map(({ availability_zone, cidr_block }) => [availability_zone, cidr_block])).toEqual([
      ['us-east-1a', '10.41.0.0/23'],
      ['us-east-1b', '10.41.2.0/23'],
      ['us-west-2a', '10.41.0.0/23'],
    ]);
    for (const { cidr_block } of subnets) expect(cidrContains('10.41.0.0/20', String(cidr_block))).toBe(true);
  });

  test('keeps a zone’s range when a candidate is added or taken away', () => {
    const [first, second] = dev.gpu.candidates;
    const { platform: fewer } = stacksOf(
      devWith({ gpu: { ...dev.gpu, candidates: [second!] }, dashboard: { tier: 'none' } }),
    );
    expect(fewer.all('aws_subnet').map(({ cidr_block }) => cidr_block)).toEqual(['10.41.2.0/23']);
    expect(first!.zone).toBe('a');
  });

  test('costs nothing while no host is there: no NAT gateway, no fixed address', () => {
    expect(platform.addresses().filter((a) => /nat_gateway|aws_eip/.test(a))).toEqual([]);
    expect(platform.all('aws_vpc_endpoint').map((e) => [e.service_name, e.vpc_endpoint_type])).toEqual([
      ['com.amazonaws.us-east-1.s3', 'Gateway'],
      ['com.amazonaws.us-west-2.s3', 'Gateway'],
    ]);
  });

  test('has a default group that lets nothing through, and writes down who spoke to whom', () => {
    for (const group of platform.all('aws_default_security_group')) {
      expect(group).not.toHaveProperty('ingress');
      expect(group).not.toHaveProperty('egress');
    }
    expect(platform.all('aws_default_security_group')).toHaveLength(2);
    expect(platform.all('aws_flow_log').map((l) => [l.traffic_type, l.log_destination_type])).toEqual([
      ['ALL', 's3'],
      ['ALL', 's3'],
    ]);
  });

  test('is found by its name, and its absence says what to deploy first', () => {
    const vpcs = Object.values(host.json.data!.aws_vpcs!);
    expect(vpcs.map(({ filter }) => filter)).toEqual([
      [{ name: 'tag:Name', values: ['he300-dev-vpc'] }],
      [{ name: 'tag:Name', values: ['he300-dev-vpc'] }],
    ]);
    expect(platform.all('aws_vpc').map(({ tags }) => tags)).toEqual([
      { Name: 'he300-dev-vpc' },
      { Name: 'he300-dev-vpc' },
    ]);
    for (const found of [...vpcs, ...Object.values(host.json.data!.aws_subnets!)]) {
      const { postcondition } = found.lifecycle as { postcondition: { error_message: string }[] };
      expect(postcondition[0]!.error_message).toMatch(
        /^dev-platform is not deployed in us-(east-1|west-2): .*; run `npx cdktf deploy dev-platform` first$/,
      );
    }
  });
});

test('in a network that exists already, nothing is made but the host and its group', () => {
  const subnetIds = { a: 'subnet-0aaaaaaaaaaaaaaaa', b: 'subnet-0bbbbbbbbbbbbbbbb' };
  const region = { vpcId: 'vpc-0123456789abcdef0', subnetIds };
  const vpc = { kind: 'existing' as const, regions: { 'us-east-1': region, 'us-west-2': region } };
  const existing = stacksOf(devWith({ network: { ...dev.network, vpc } }));

  const NETWORK = /aws_(vpc|subnet|route|internet_gateway|flow_log|default_security_group)\b/;
  expect(existing.platform.addresses().filter((a) => NETWORK.test(a))).toEqual([]);
  expect(existing.host.json.data).not.toHaveProperty('aws_vpcs');
  expect(existing.host.json.data).not.toHaveProperty('aws_subnets');
  for (const group of existing.host.all('aws_security_group'))
    expect(group.vpc_id).toBe('vpc-0123456789abcdef0');
  for (const instance of existing.host.all('aws_instance'))
    expect(instance.subnet_id).toBe(
      '${{ "a" = "subnet-0aaaaaaaaaaaaaaaa", "b" = "subnet-0bbbbbbbbbbbbbbbb" }[local.candidate.zone]}',
    );
});
