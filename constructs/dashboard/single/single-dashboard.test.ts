import { dashboardStackOf } from '../../../test/support/stacks';
import { devWithDashboard, singleDashboard } from '../../../test/support/dashboards';
import { allows, roleIn } from '../../../test/support/iam';
import { loadEnvironment } from '../../../environments';
import { AWS_LIMIT_BYTES } from '../../../userdata/encode';
import { vmPolicy } from './vm-role';

const DOMAIN = 'dash.example.org';
const internal = dashboardStackOf(devWithDashboard(singleDashboard()));
const open = dashboardStackOf(
  devWithDashboard(
    singleDashboard({ exposure: 'public', domain: DOMAIN, protected: true, alarmEmail: 'me@example.org' }),
  ),
);

const reached = (stack: typeof internal) =>
  stack
    .all('aws_vpc_security_group_ingress_rule')
    .map((rule) => `${String(rule.from_port)}/${String(rule.ip_protocol)} ${String(rule.cidr_ipv4)}`);

test('inside of the VPC it is reached from there alone', () => {
  expect(reached(internal)).toEqual(['8300/tcp 10.41.0.0/20']);
});

test('in public it is reached by HTTPS, and by HTTP that leads there', () => {
  expect(reached(open)).toEqual(['443/tcp 0.0.0.0/0', '80/tcp 0.0.0.0/0']);
});

test('an administrator is let in where the environment lists one', () => {
  const env = devWithDashboard(singleDashboard());
  const listed = { ...env, network: { ...env.network, adminCidrs: ['198.51.100.7/32'] } };
  expect(reached(dashboardStackOf(listed))).toContain('22/tcp 198.51.100.7/32');
});

test('the VM is no host of a run: no sweep, no guard, no reaper may end it', () => {
  const { tags } = internal.one('aws_instance') as { tags: Record<string, string> };
  expect(tags['he300:role']).toBe('dashboard');
  expect(tags).not.toHaveProperty('he300:time-limit-minutes');
});

test('another version is another VM, with the same volume and the same addresses', () => {
  const vm = internal.one('aws_instance');
  expect(vm).toMatchObject({ user_data_replace_on_change: true });
  expect(JSON.stringify(vm.network_interface)).toContain('aws_network_interface.');
  expect(internal.one('aws_volume_attachment')).toMatchObject({ stop_instance_before_detaching: true });
  // What stays must not hang on what is replaced.
  for (const type of ['aws_ebs_volume', 'aws_network_interface', 'aws_eip'])
    expect(JSON.stringify(internal.one(type))).not.toContain('aws_instance.');
});

test('protected data are not destroyed by a destroy', () => {
  expect(open.one('aws_ebs_volume')).toMatchObject({
    final_snapshot: true,
    lifecycle: { prevent_destroy: true },
  });
  expect(internal.one('aws_ebs_volume')).toMatchObject({ lifecycle: { prevent_destroy: false } });
});

test('both disks are encrypted with the environment’s key', () => {
  const key = '${data.aws_kms_alias.placement_key';
  expect(String(internal.one('aws_ebs_volume').kms_key_id)).toContain(key);
  expect(internal.one('aws_instance').root_block_device).toMatchObject({ encrypted: true });
});

test('user data fits, public or not', () => {
  for (const stack of [internal, open]) {
    const bytes = Buffer.from(String(stack.one('aws_instance').user_data_base64), 'base64');
    expect(bytes.length).toBeLessThan(AWS_LIMIT_BYTES);
  }
});

test('alarms look at hardware, system, health, disk and backups, and one that hears nothing of it rings', () => {
  const alarms = internal.all('aws_cloudwatch_metric_alarm');
  expect(alarms.map(({ metric_name }) => metric_name).sort()).toEqual([
    'BackupAgeHours',
    'DiskUsedPercent',
    'Healthy',
    'StatusCheckFailed_Instance',
    'StatusCheckFailed_System',
  ]);
  const health = alarms.find(({ metric_name }) => metric_name === 'Healthy');
  expect(health).toMatchObject({ treat_missing_data: 'breaching', comparison_operator: 'LessThanThreshold' });
  for (const { alarm_actions } of alarms) expect(JSON.stringify(alarm_actions)).toContain('aws_sns_topic.');
  expect(internal.all('aws_sns_topic_subscription')).toEqual([]);
  expect(open.one('aws_sns_topic_subscription')).toMatchObject({
    protocol: 'email',
    endpoint: 'me@example.org',
  });
});

describe('what the VM may do', () => {
  const bucket = 'arn:aws:s3:::he300-dev-artifacts-123456789012';
  const parameter = (path: string) => `arn:aws:ssm:us-east-1:123456789012:parameter${path}`;
  const policy = roleIn(internal, 'he300-dev-dashboard').policy;
  const may = (action: string, resource: string) => allows([policy], { action, resource, context: {} });

  test.each([
    ['s3:GetObject', `${bucket}/bundles/x.tar.gz`],
    ['s3:PutObject', `${bucket}/dashboard/artifacts/dev-i-1/results.json`],
    ['s3:PutObject', `${bucket}/dashboard/backups/x`],
    ['ssm:PutParameter', parameter('/he300/dev/dashboard/first-token')],
    [
      'logs:PutLogEvents',
      'arn:aws:logs:us-east-1:123456789012:log-group:/he300/dev/dashboard:log-stream:i-1',
    ],
  ])('%s on %s', (action, resource) => expect(may(action, resource)).toBe(true));

  test.each([
    ['s3:PutObject', `${bucket}/bundles/x.tar.gz`],
    ['s3:GetObject', `${bucket}/runs/dev-i-1/results.json`],
    ['s3:DeleteObject', `${bucket}/dashboard/backups/x`],
    ['ssm:GetParameter', parameter('/he300/dev/dashboard/first-token')],
    ['ssm:PutParameter', parameter('/he300/dev/host/webhook-key')],
    ['ec2:TerminateInstances', 'arn:aws:ec2:us-east-1:123456789012:instance/i-1'],
    ['logs:PutLogEvents', 'arn:aws:logs:us-east-1:123456789012:log-group:/he300/dev/host:log-stream:i-1'],
  ])('not %s on %s', (action, resource) => expect(may(action, resource)).toBe(false));

  test('is bound to the one environment', () => {
    expect(vmPolicy(loadEnvironment('staging'))).not.toContain('he300-dev');
  });
});
