import { loadEnvironment } from '../../environments';
import { allows, documentOf, roleIn, type PolicyDocument } from '../../test/support/iam';
import {
  dashboardStackOf,
  stacksOf,
  vaultServerStackOf,
  vaultStackOf,
  type Attributes,
} from '../../test/support/stacks';
import { devWithVaultServer } from '../../test/support/vault-servers';
import { AWS_LIMIT_BYTES } from '../../userdata/encode';
import { vaultVmPolicy } from './vm-role';

const env = devWithVaultServer();
const stack = vaultServerStackOf(env);
const kept = vaultServerStackOf(devWithVaultServer({ protected: true, alarmEmail: 'me@example.org' }));

const bucket = 'arn:aws:s3:::he300-dev-artifacts-123456789012';
const SNAPSHOT = `${bucket}/vault/snapshots/x.snap`;

const reached = (of: typeof stack): string[] =>
  of
    .all('aws_vpc_security_group_ingress_rule')
    .map((rule) => `${String(rule.from_port)}/${String(rule.ip_protocol)} ${String(rule.cidr_ipv4)}`);

test('HTTPS from whom the environment lists, and HTTP for the proof of the domain', () => {
  expect(reached(stack)).toEqual(['443/tcp 0.0.0.0/0', '80/tcp 0.0.0.0/0']);
  const listed = vaultServerStackOf(devWithVaultServer({ allow: ['198.51.100.0/24', '198.51.100.0/24'] }));
  expect(reached(listed)).toEqual(['443/tcp 198.51.100.0/24', '80/tcp 0.0.0.0/0']);
});

test('the VM is no host of a run: no sweep, no guard, no reaper may end it', () => {
  const { tags } = stack.one('aws_instance') as { tags: Record<string, string> };
  expect(tags['he300:role']).toBe('vault-server');
  expect(tags).not.toHaveProperty('he300:time-limit-minutes');
});

test('another version is another VM, with the same volume, addresses and key', () => {
  expect(stack.one('aws_instance')).toMatchObject({ user_data_replace_on_change: true });
  for (const type of ['aws_ebs_volume', 'aws_network_interface', 'aws_eip', 'aws_kms_key'])
    expect(JSON.stringify(stack.one(type))).not.toContain('aws_instance.');
});

test('protected, neither the volume nor the key that opens it is destroyed by a destroy', () => {
  expect(kept.one('aws_ebs_volume')).toMatchObject({
    final_snapshot: true,
    lifecycle: { prevent_destroy: true },
  });
  expect(kept.one('aws_kms_key')).toMatchObject({ lifecycle: { prevent_destroy: true } });
  for (const type of ['aws_ebs_volume', 'aws_kms_key'])
    expect(stack.one(type)).toMatchObject({ lifecycle: { prevent_destroy: false } });
});

test('user data fits, and holds no secret', () => {
  const bytes = Buffer.from(String(stack.one('aws_instance').user_data_base64), 'base64');
  expect(bytes.length).toBeLessThan(AWS_LIMIT_BYTES);
});

test('alarms look at hardware, system, health, disk and snapshots, and one that hears nothing of it rings', () => {
  const alarms = stack.all('aws_cloudwatch_metric_alarm');
  expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual(
    ['disk', 'hardware', 'health', 'snapshot', 'system'].map((id) => `he300-dev-vault-server-${id}`),
  );
  const health = alarms.find(({ metric_name }) => metric_name === 'Healthy');
  expect(health).toMatchObject({ treat_missing_data: 'breaching', comparison_operator: 'LessThanThreshold' });
  expect(kept.one('aws_sns_topic_subscription')).toMatchObject({ endpoint: 'me@example.org' });
});

test('an environment without one has no such stack, and no rule for snapshots', () => {
  const rules = (environment: typeof env): unknown =>
    stacksOf(environment).platform.one('aws_s3_bucket_lifecycle_configuration').rule;
  expect(() => vaultServerStackOf(loadEnvironment('prod'))).toThrow('has no Vault of its own');
  expect(JSON.stringify(rules(loadEnvironment('dev')))).not.toContain('vault');
  expect(rules(env)).toContainEqual(
    expect.objectContaining({ filter: [{ prefix: 'vault/snapshots/' }], expiration: [{ days: 30 }] }),
  );
});

describe('what the VM may do', () => {
  const parameter = (path: string) => `arn:aws:ssm:us-east-1:123456789012:parameter${path}`;
  const seal = 'arn:aws:kms:us-east-1:123456789012:key/seal';
  const policy = documentOf(vaultVmPolicy(env, seal));
  const may = (action: string, resource: string) => allows([policy], { action, resource, context: {} });

  test.each([
    ['s3:GetObject', `${bucket}/bundles/x.mjs`],
    ['s3:PutObject', SNAPSHOT],
    ['s3:GetObject', SNAPSHOT],
    ['kms:Decrypt', seal],
    ['ssm:PutParameter', parameter('/he300/dev/vault-server/first-keys')],
    [
      'logs:PutLogEvents',
      'arn:aws:logs:us-east-1:123456789012:log-group:/he300/dev/vault-server:log-stream:i-1',
    ],
  ])('%s on %s', (action, resource) => expect(may(action, resource)).toBe(true));

  test.each([
    ['s3:DeleteObject', SNAPSHOT],
    ['s3:PutObject', `${bucket}/bundles/x.mjs`],
    ['s3:GetObject', `${bucket}/runs/dev-i-1/results.json`],
    ['kms:Decrypt', 'arn:aws:kms:us-east-1:123456789012:key/of-another'],
    ['kms:ScheduleKeyDeletion', seal],
    ['ssm:GetParameter', parameter('/he300/dev/vault-server/first-keys')],
    ['ssm:PutParameter', parameter('/he300/dev/host/webhook-key')],
    ['sts:AssumeRole', 'arn:aws:iam::123456789012:role/he300-dev-gpu-host'],
  ])('not %s on %s', (action, resource) => expect(may(action, resource)).toBe(false));

  test('is what its role says, with the key of the stack', () => {
    const { policy: written } = roleIn(stack, 'he300-dev-vault-server');
    const text = JSON.stringify(written);
    expect(text).toMatch(/\$\{aws_kms_key\.\w+\.arn\}/);
    expect(JSON.parse(text.replace(/\$\{aws_kms_key\.\w+\.arn\}/, seal))).toEqual(policy);
  });

  test('is bound to the one environment', () => {
    expect(vaultVmPolicy(loadEnvironment('staging'), 'arn')).not.toContain('he300-dev');
  });
});

describe('no role but the VM’s', () => {
  /** Of every stack of the environment, the VM's apart. */
  const policies = (): (readonly [string, PolicyDocument])[] => {
    const { host, platform } = stacksOf(env);
    return [host, platform, dashboardStackOf(env)].flatMap((of) =>
      [...of.all('aws_iam_role_policy'), ...of.all('aws_iam_policy')].map(
        ({ name, policy }: Attributes) => [String(name), documentOf(policy)] as const,
      ),
    );
  };
  const context = {
    'kms:ViaService': 's3.us-east-1.amazonaws.com',
    's3:prefix': 'vault/snapshots/',
    'kms:ResourceAliases': 'alias/he300-dev-vault-seal',
  };
  test.each([
    ['reads a snapshot', 's3:GetObject', SNAPSHOT],
    ['writes one', 's3:PutObject', SNAPSHOT],
    ['removes one', 's3:DeleteObject', SNAPSHOT],
    ['opens Vault', 'kms:Decrypt', 'arn:aws:kms:us-east-1:123456789012:key/seal'],
    [
      'reads the first keys',
      'ssm:GetParameter',
      'arn:aws:ssm:us-east-1:123456789012:parameter/he300/dev/vault-server/first-keys',
    ],
  ])('%s', (_what, action, resource) => {
    const all = policies();
    expect(all.length).toBeGreaterThan(5);
    const allowed = all.filter(([, policy]) => allows([policy], { action, resource, context }));
    expect(allowed.map(([name]) => name)).toEqual([]);
  });
});

test('Vault lets the VM copy it, and nothing else', () => {
  const vault = vaultStackOf(env);
  const named = ({ name, role }: Attributes): boolean => (name ?? role) === 'he300-dev-snapshot';
  expect(vault.all('vault_aws_auth_backend_role').filter(named)).toEqual([
    expect.objectContaining({
      bound_iam_principal_arns: ['arn:aws:iam::123456789012:role/he300-dev-vault-server'],
      token_policies: ['he300-dev-snapshot'],
      token_no_default_policy: true,
    }),
  ]);
  const [policy] = vault.all('vault_policy').filter(named);
  expect(String(policy!.policy).match(/path "[^"]+"/g)).toEqual([
    'path "sys/storage/raft/snapshot"',
    'path "auth/token/revoke-self"',
  ]);
  const { secrets } = env;
  if (secrets.kind !== 'vault') throw new Error(secrets.kind);
  const { server: _none, ...others } = secrets;
  expect(JSON.stringify(vaultStackOf({ ...env, secrets: others }).json)).not.toContain('snapshot');
});
