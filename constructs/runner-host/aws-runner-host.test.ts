import { devWith, stacksOf, type Attributes } from '../../test/support/stacks';
import type { Environment } from '../../environments/schema';

const { network } = devWith({});
const image = {
  kind: 'ssm',
  parameter: '/he300/dev/runner-image',
  source: '/aws/service/canonical/x',
} as const;
const remote = (runner: Extract<Environment['topology'], { kind: 'remote' }>['runner'], peers = 0) =>
  stacksOf(
    devWith({
      topology: { kind: 'remote', runner },
      network: {
        ...network,
        mode: {
          kind: 'wireguard',
          peers: Array.from({ length: peers }, (_, i) => ({
            name: i === 0 ? 'test-runner' : `peer-${i}`,
            publicKey: Buffer.alloc(32, i).toString('base64'),
          })),
        },
      },
    }),
  ).host;

const host = remote({ kind: 'host', instanceType: 'c7i.large', image, diskGb: 30 });
const named = (type: string, prefix: string): readonly (readonly [string, Attributes])[] =>
  Object.entries(host.json.resource![type]!).filter(([id]) => id.startsWith(prefix));

test('a runner stands beside the GPU host in every region, and only where that one is', () => {
  const runners = named('aws_instance', 'runner_host_');
  expect(runners.map(([id]) => id)).toEqual(['runner_host_us_east_1', 'runner_host_us_west_2']);
  for (const [id, runner] of runners) {
    const gpuHost = host.json.resource!.aws_instance![id.replace('runner', 'gpu')]!;
    expect(runner.count).toBe(gpuHost.count);
    expect(runner.subnet_id).toBe(gpuHost.subnet_id);
    expect(runner).toMatchObject({
      instance_type: 'c7i.large',
      instance_initiated_shutdown_behavior: 'terminate',
      metadata_options: { http_tokens: 'required' },
      root_block_device: { encrypted: true, volume_size: 30 },
      iam_instance_profile: gpuHost.iam_instance_profile,
    });
    expect(runner).not.toHaveProperty('dynamic');
    expect(runner.user_data_base64).not.toBe(gpuHost.user_data_base64);
  }
});

test('the reaper and the sweep know it by the tags that they know the GPU host by', () => {
  for (const [, { tags }] of named('aws_instance', 'runner_host_'))
    expect(tags).toEqual({
      'he300:environment': 'he300-dev',
      'he300:owner': 'he300-dev',
      Name: 'he300-dev-runner-host',
      'he300:role': 'gpu-host',
      'he300:time-limit-minutes': '120',
      'he300:disk-gb': '30',
      'he300:candidate': '${local.chosen}',
    });
});

test('it has a guard of its own, for that very instance', () => {
  for (const [id, { count }] of named('aws_instance', 'runner_host_')) {
    const guards = host
      .all('aws_scheduler_schedule')
      .filter(({ name }) => String(name).includes(`aws_instance.${id}[`));
    expect(guards).toHaveLength(1);
    expect(guards[0]!.count).toBe(count);
  }
});

test('another GPU host gets another runner', () => {
  for (const [id, runner] of named('aws_instance', 'runner_host_')) {
    const pair = `runs_with_${id.replace('runner_host_', '')}`;
    expect(host.json.resource!.terraform_data![pair]).toMatchObject({
      triggers_replace: { gpu_host: `\${aws_instance.${id.replace('runner', 'gpu')}[count.index].id}` },
    });
    expect((runner.lifecycle as Attributes).replace_triggered_by).toEqual([
      `terraform_data.${pair}[count.index]`,
    ]);
  }
});

test('nothing comes in to it, and WireGuard to the GPU host', () => {
  const groups = named('aws_security_group', '').map(([id, { name }]) => [name, id] as const);
  const ingress = host.all('aws_vpc_security_group_ingress_rule');
  for (const [name, id] of groups) {
    const rules = ingress.filter(
      ({ security_group_id }) => security_group_id === `\${aws_security_group.${id}.id}`,
    );
    expect(rules.map(({ from_port }) => from_port)).toEqual(name === 'he300-dev-gpu-host' ? [51820] : []);
  }
  expect(new Set(groups.map(([name]) => name))).toEqual(
    new Set(['he300-dev-gpu-host', 'he300-dev-runner-host']),
  );
});

test('the run is the one of the host that drives it', () => {
  const output = host.json.output as Record<string, { readonly value: string }>;
  expect(output.run_id!.value).toContain('aws_instance.runner_host_us_east_1[*]');
  expect(output.instance_id!.value).toContain('aws_instance.gpu_host_us_east_1[*]');
  expect(output.runner_instance_id!.value).toContain('aws_instance.runner_host_us_west_2[*]');
});

test('a runner that is a peer is no host of ours', () => {
  const driven = remote({ kind: 'peer' }, 1);
  expect(driven.addresses().filter((address) => /runner|terraform_data/.test(address))).toEqual([]);
});
