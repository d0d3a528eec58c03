import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { buildReaperZip } from '../lifetime/reaper/package';
import { environmentNames, loadEnvironment } from '../../environments';
import type { Environment } from '../../environments/schema';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { BenchHostStack } from '../../stacks/bench-host-stack';
import { DashboardStack } from '../../stacks/dashboard-stack';
import { PlatformStack } from '../../stacks/platform-stack';
import { VaultStack } from '../../stacks/vault-stack';
import { Raw, synthesize } from '../../test/support/synth';
import { acknowledge, allRules, enforcePolicy, findingsIn } from '.';

describe('the set of rules', () => {
  const files = readdirSync(join(__dirname, 'rules')).filter((name) => !name.endsWith('.test.ts'));

  test('every file is a rule of that name, in force and with a test of its own', () => {
    expect(allRules.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
    const tests = readdirSync(join(__dirname, 'rules')).filter((name) => name.endsWith('.test.ts'));
    expect(tests.map((name) => name.replace('.test', '')).sort()).toEqual(files);
  });

  test.each(allRules)('$id says why and what to do, each in one sentence', ({ cause, remedy }) => {
    for (const sentence of [cause, remedy]) expect(sentence).toMatch(/^[a-z\d].+[^.\s]$/);
  });

  test('a stack that is enforced without more ado is held to all of them', () => {
    const build = () =>
      synthesize((app) => {
        const stack = new TerraformStack(app, 'stack');
        new AwsProvider(stack, 'aws', { region: 'us-east-1' });
        new Raw(stack, 'aws_instance', 'it', {
          instance_type: 'g5.xlarge',
          user_data: `AKIA${'IOSFODNN7EXAMPLE'}`,
        });
        enforcePolicy(stack);
      });
    for (const id of [
      'imdsv2-required',
      'encryption-required',
      'owner-tags-required',
      'lifetime-guard-required',
      'no-secret-literal',
    ])
      expect(build).toThrow(`stack/aws_instance-it: ${id}: `);
  });
});

describe('an acknowledgement', () => {
  const RULE = 'imdsv2-required';

  /** Two instances that break the rule; `change` may acknowledge one. */
  const instances =
    (change: (first: Raw, second: Raw) => void, attributes: object = {}) =>
    () =>
      synthesize((app) => {
        const stack = new TerraformStack(app, 'stack');
        new AwsProvider(stack, 'aws', { region: 'us-east-1' });
        const [first, second] = ['first', 'second'].map(
          (name) => new Raw(stack, 'aws_instance', name, { ...attributes }),
        );
        change(first!, second!);
        enforcePolicy(
          stack,
          allRules.filter(({ id }) => id === RULE),
        );
      });

  test('of a rule that there is not is refused', () => {
    expect(instances((first) => acknowledge(first, 'imds', 'old agent'))).toThrow(
      `stack/aws_instance-first: acknowledgement of 'imds': no such rule; allowed: ${RULE}`,
    );
  });

  test('without a reason is refused', () => {
    expect(instances((first, second) => [first, second].forEach((r) => acknowledge(r, RULE, ' ')))).toThrow(
      `stack/aws_instance-first: acknowledgement of '${RULE}': no reason is given`,
    );
  });

  test('lets exactly its own resource pass', () => {
    const oneOfTwo = instances((first) => acknowledge(first, RULE, 'an old agent'));
    expect(oneOfTwo).toThrow('stack/aws_instance-second: imdsv2-required: ');
    expect(oneOfTwo).not.toThrow('stack/aws_instance-first');
    expect(instances((...both) => both.forEach((r) => acknowledge(r, RULE, 'an old agent')))).not.toThrow();
  });

  test('that nothing needs any more is a fault itself', () => {
    const mended = { metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 } };
    expect(instances((first) => acknowledge(first, RULE, 'an old agent'), mended)).toThrow(
      `stack/aws_instance-first: acknowledgement of '${RULE}': nothing is found there any more; remove it`,
    );
  });
});

describe('our own stacks', () => {
  const app = new App({ outdir: '/nowhere' });
  const bundle = buildRunnerBundle();
  const reaperZip = buildReaperZip();
  const archive = () => bundle;
  const dashboardOf = (environment: Environment) =>
    environment.dashboard.tier === 'none'
      ? []
      : [new DashboardStack(app, { environment, dashboard: environment.dashboard, archive })];
  const vaultOf = (environment: Environment) =>
    environment.secrets.kind === 'vault'
      ? [new VaultStack(app, { environment, secrets: environment.secrets })]
      : [];
  const stacks = environmentNames
    .map(loadEnvironment)
    .flatMap((environment) => [
      new PlatformStack(app, { environment, reaperZip }),
      new BenchHostStack(app, { environment, bundle }),
      ...dashboardOf(environment),
      ...vaultOf(environment),
    ]);

  test.each(stacks.map((stack) => [stack.node.id, stack] as const))(
    '%s gives no rule anything to find that is not acknowledged',
    (_id, stack) => {
      const open = findingsIn(stack).filter(({ acknowledgement }) => !acknowledgement);
      expect(open.map(({ path, rule, finding }) => `${path}: ${rule.id}: ${finding}`)).toEqual([]);
    },
  );
});
