import type { App } from 'cdktf';
import { loadEnvironment } from '../../environments';
import { BenchHostStack } from '../../stacks/bench-host-stack';
import { devWith, stacksOf, type Attributes } from '../../test/support/stacks';
import { synthesize } from '../../test/support/synth';
import { enforcePolicy } from '../policy';

const dev = loadEnvironment('dev');
const { host } = stacksOf(dev);
const hosts = host.all('aws_instance');

describe('a host without its guard', () => {
  const stack = (app: App) =>
    new BenchHostStack(app, { environment: dev, bundle: { path: __filename, sha256: 'b0'.repeat(32) } });

  test('fails synthesis', () => {
    const synth = () =>
      synthesize((app) => {
        const it = stack(app);
        it.node.findChild('host-us-east-1').node.tryRemoveChild('guard');
        enforcePolicy(it);
      });
    expect(synth).toThrow('dev/host-us-east-1/instance: lifetime-guard-required: ');
  });

  test('is not what the stack makes: each has one, for that very instance', () => {
    const instances = Object.entries(host.json.resource!.aws_instance!);
    const guards = host.all('aws_scheduler_schedule');
    expect(instances).toHaveLength(2);
    expect(guards).toHaveLength(2);
    for (const [id, { count }] of instances) {
      const [guard, ...more] = guards.filter(({ name }) => String(name).includes(`aws_instance.${id}[`));
      expect(more).toEqual([]);
      expect(guard!.count).toBe(count);
      expect((guard!.target as Attributes).input).toBe(
        `\${jsonencode({ InstanceIds = [aws_instance.${id}[count.index].id] })}`,
      );
    }
  });
});

describe('a host', () => {
  test.each(hosts)('cannot be reached through its metadata, its disk or a key pair', (instance) => {
    expect(instance.metadata_options).toEqual({
      http_endpoint: 'enabled',
      http_put_response_hop_limit: 1,
      http_tokens: 'required',
      instance_metadata_tags: 'disabled',
    });
    expect(instance.root_block_device).toMatchObject({
      delete_on_termination: true,
      encrypted: true,
      volume_size: 200,
      volume_type: 'gp3',
    });
    expect(instance).not.toHaveProperty('key_name');
  });

  test.each(hosts)('is gone when it is switched off', (instance) => {
    expect(instance.instance_initiated_shutdown_behavior).toBe('terminate');
  });

  test.each(hosts)(
    'says whose it is, how long it may live and where it was launched, its disk whose',
    (instance) => {
      const owner = {
        'he300:environment': 'he300-dev',
        'he300:owner': 'he300-dev',
        Name: 'he300-dev-gpu-host',
      };
      expect(instance.tags).toEqual({
        ...owner,
        'he300:role': 'gpu-host',
        'he300:time-limit-minutes': '120',
        'he300:disk-gb': '200',
        'he300:candidate': '${local.chosen}',
      });
      expect((instance.root_block_device as Attributes).tags).toEqual(owner);
    },
  );

  test.each(hosts)('is bought on the spot market only where the chosen candidate says so', (instance) => {
    expect(instance.dynamic).toEqual({
      instance_market_options: {
        for_each: '${local.candidate.market == "spot" ? [1] : []}',
        content: {
          market_type: 'spot',
          spot_options: { instance_interruption_behavior: 'terminate', spot_instance_type: 'one-time' },
        },
      },
    });
    expect(instance).not.toHaveProperty('instance_market_options');
  });

  test.each(hosts)(
    'in flight is not touched by a new image, a new bundle or an edited environment',
    (instance) => {
      const { ignore_changes } = instance.lifecycle as { ignore_changes: string[] };
      for (const attribute of [
        'ami',
        'user_data_base64',
        'instance_market_options',
        'root_block_device[0].volume_size',
        'tags["he300:time-limit-minutes"]',
        'tags["he300:candidate"]',
        'tags_all["he300:time-limit-minutes"]',
      ])
        expect(ignore_changes).toContain(attribute);
      // What keeps it ours and safe is no part of a run: drift there must show.
      for (const attribute of ['tags', 'tags_all', 'metadata_options', 'tags["he300:environment"]'])
        expect(ignore_changes).not.toContain(attribute);
    },
  );

  test('stands in the region of the chosen candidate alone', () => {
    expect(hosts.map(({ count, provider }) => [count, provider])).toEqual([
      ['${local.candidate.region == "us-east-1" ? 1 : 0}', 'aws'],
      ['${local.candidate.region == "us-west-2" ? 1 : 0}', 'aws.us_west_2'],
    ]);
  });

  test('that continues a run says which, in a tag that later deploys leave alone', () => {
    const runId = 'dev-i-0123456789abcdef0';
    const resumed = stacksOf(dev, { resumeRunId: runId }).host;
    for (const { tags, lifecycle } of resumed.all('aws_instance')) {
      expect(tags).toHaveProperty('he300:resumes', runId);
      expect((lifecycle as { ignore_changes: string[] }).ignore_changes).toContain('tags["he300:resumes"]');
    }
  });
});

describe('the image', () => {
  test('is looked up under the name that bootstrap wrote', () => {
    const parameters = Object.values(host.json.data!.aws_ssm_parameter!);
    expect(parameters.map(({ name }) => name)).toEqual(['/he300/dev/gpu-image', '/he300/dev/gpu-image']);
    for (const { ami } of hosts) expect(ami).toMatch(/^\$\{data\.aws_ssm_parameter\..+\.insecure_value\}$/);
  });

  test('is another in each region when it is pinned, and nothing is looked up or readable', () => {
    const imageIds = { 'us-east-1': 'ami-0aaaaaaaaaaaaaaaa', 'us-west-2': 'ami-0bbbbbbbbbbbbbbbb' };
    const pinned = stacksOf(devWith({ gpu: { ...dev.gpu, image: { kind: 'pinned', imageIds } } }));
    expect(pinned.host.all('aws_instance').map(({ ami }) => ami)).toEqual(Object.values(imageIds));
    expect(pinned.host.json.data).not.toHaveProperty('aws_ssm_parameter');
    for (const { policy } of pinned.platform.all('aws_iam_role_policy'))
      expect(policy).not.toContain('ReadImageId');
  });
});
