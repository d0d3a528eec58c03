import { loadEnvironment } from '../../../environments';
import { devWithDashboard, haDashboard } from '../../../test/support/dashboards';
import { allows, roleIn } from '../../../test/support/iam';
import { dashboardStackOf } from '../../../test/support/stacks';

const open = dashboardStackOf(devWithDashboard(haDashboard()));
const internal = dashboardStackOf(
  devWithDashboard(haDashboard({ exposure: 'internal', domain: undefined, certificateArn: undefined })),
);
type Stack = typeof open;

interface Container {
  readonly image: string;
  readonly user: string;
  readonly readonlyRootFilesystem: boolean;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly healthCheck: object;
}
const containerOf = (stack: Stack): Container => {
  const [container] = JSON.parse(
    String(stack.one('aws_ecs_task_definition').container_definitions),
  ) as Container[];
  return container!;
};
const variables = (stack: Stack) =>
  Object.fromEntries(containerOf(stack).environment.map(({ name, value }) => [name, value]));

test('everybody comes by HTTPS: what comes by HTTP is sent there', () => {
  const [http, https] = open.all('aws_lb_listener');
  expect(https).toMatchObject({
    port: 443,
    protocol: 'HTTPS',
    certificate_arn: haDashboard().certificateArn,
  });
  expect(http).toMatchObject({
    port: 80,
    default_action: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS' } }],
  });
  expect(open.one('aws_lb')).toMatchObject({ internal: false, drop_invalid_header_fields: true });
});

test('inside of the VPC there may be no certificate, and nobody else comes in', () => {
  expect(internal.one('aws_lb_listener')).toMatchObject({ port: 80, default_action: [{ type: 'forward' }] });
  expect(internal.one('aws_lb')).toMatchObject({ internal: true });
  const ranges = internal.all('aws_vpc_security_group_ingress_rule').map(({ cidr_ipv4 }) => cidr_ipv4);
  expect(ranges.filter(Boolean)).toEqual(['10.41.0.0/20']);
});

test('containers are reached from the balancer alone, the database from the containers alone', () => {
  const rules = open.all('aws_vpc_security_group_ingress_rule').filter(({ cidr_ipv4 }) => !cidr_ipv4);
  expect(rules.map(({ from_port }) => from_port)).toEqual([8300, 5432]);
  expect(String(rules[0]!.referenced_security_group_id)).toContain('balancer');
  expect(String(rules[1]!.referenced_security_group_id)).toContain('containers');
});

test('a new version takes over one by one, and is taken back when it does not get healthy', () => {
  expect(open.one('aws_ecs_service')).toMatchObject({
    desired_count: 2,
    deployment_minimum_healthy_percent: 100,
    deployment_maximum_percent: 200,
    deployment_circuit_breaker: { enable: true, rollback: true },
  });
  expect(open.one('aws_lb_target_group')).toMatchObject({
    health_check: { path: '/readyz', matcher: '200' },
  });
});

test('a container is an image by its digest, without root and without a disk that it could change', () => {
  expect(containerOf(open)).toMatchObject({ user: '1000', readonlyRootFilesystem: true });
  expect(containerOf(open).image).toMatch(/@sha256:[0-9a-f]{64}$/);
  expect(JSON.stringify(containerOf(open).healthCheck)).toContain('/healthz');
});

test('the server is told where it stands, and its password by AWS alone', () => {
  expect(variables(open)).toMatchObject({
    HOST: '0.0.0.0',
    HE300_TRUST_PROXY: '1',
    HE300_PUBLIC_URL: 'https://he300.example.org',
    HE300_ARTIFACTS: 's3://he300-dev-artifacts-123456789012/dashboard/artifacts',
  });
  expect(variables(open).DATABASE_URL).toMatch(/^postgres:\/\/he300@\$\{/);
  const [password, ...more] = containerOf(open).secrets;
  expect(more).toEqual([]);
  expect(password!.name).toBe('PGPASSWORD');
  expect(password!.valueFrom).toMatch(/master_user_secret.*:password::$/);
});

test('the database stands in two zones, closed, encrypted, with a password that nobody typed', () => {
  const database = open.one('aws_db_instance');
  expect(database).toMatchObject({
    engine: 'postgres',
    engine_version: '15',
    multi_az: true,
    publicly_accessible: false,
    storage_encrypted: true,
    manage_master_user_password: true,
    backup_retention_period: 35,
    deletion_protection: true,
    skip_final_snapshot: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(database).not.toHaveProperty('password');
  const cidrs = open.all('aws_subnet').map(({ cidr_block }) => cidr_block);
  expect(cidrs).toEqual(['10.41.12.0/24', '10.41.13.0/24']);
  expect(JSON.stringify(open.one('aws_lb'))).toContain('"enable_deletion_protection":true');
});

test('in somebody’s VPC, everything stands in the subnets that are named', () => {
  const env = devWithDashboard(haDashboard());
  const there = {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: { a: 'subnet-0aaaaaaaaaaaaaaaa', b: 'subnet-0bbbbbbbbbbbbbbbb' },
  };
  const vpc = { kind: 'existing' as const, regions: { 'us-east-1': there, 'us-west-2': there } };
  const stack = dashboardStackOf({ ...env, network: { ...env.network, vpc } });
  expect(stack.all('aws_subnet')).toEqual([]);
  expect(JSON.stringify(stack.one('aws_db_subnet_group').subnet_ids)).toContain('subnet-0bbbbbbbbbbbbbbbb');
});

test('alarms look at containers, errors, and the database', () => {
  const names = open
    .all('aws_cloudwatch_metric_alarm')
    .map(({ metric_name }) => metric_name)
    .sort();
  expect(names).toEqual([
    'CPUUtilization',
    'FreeStorageSpace',
    'HTTPCode_Target_5XX_Count',
    'HealthyHostCount',
  ]);
});

describe('who may do what', () => {
  const may = (role: string, action: string, resource: string, stack = open) =>
    allows([roleIn(stack, role).policy], {
      action,
      resource,
      context: { 'aws:RequestedRegion': 'us-east-1' },
    });
  const artifact = 'arn:aws:s3:::he300-dev-artifacts-123456789012/dashboard/artifacts/x';

  test('the container keeps files, and reads no secret', () => {
    expect(may('he300-dev-dashboard-task', 's3:PutObject', artifact)).toBe(true);
    expect(may('he300-dev-dashboard-task', 'secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:x')).toBe(
      false,
    );
    expect(
      may('he300-dev-dashboard-task', 's3:GetObject', artifact.replace('dashboard/artifacts', 'runs')),
    ).toBe(false);
  });

  test('whoever starts it reads the password, and keeps no files', () => {
    const { policy } = roleIn(open, 'he300-dev-dashboard-start');
    const reading = policy.Statement.find(({ Sid }) => Sid === 'ReadPassword')!;
    expect(reading.Resource).toEqual([expect.stringMatching(/^\$\{aws_db_instance\..*secret_arn\}$/)]);
    expect(may('he300-dev-dashboard-start', 's3:PutObject', artifact)).toBe(false);
  });

  test('an image of ECR is pulled from its repository, another registry’s needs nothing', () => {
    const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/he300@sha256:${'0'.repeat(64)}`;
    const stack = dashboardStackOf(devWithDashboard(haDashboard({ image })));
    const repository = 'arn:aws:ecr:us-east-1:123456789012:repository/he300';
    expect(may('he300-dev-dashboard-start', 'ecr:BatchGetImage', repository, stack)).toBe(true);
    expect(may('he300-dev-dashboard-start', 'ecr:BatchGetImage', `${repository}-2`, stack)).toBe(false);
    expect(may('he300-dev-dashboard-start', 'ecr:BatchGetImage', repository)).toBe(false);
  });
});

test('an environment without a dashboard has no stack of it', () => {
  expect(loadEnvironment('local').dashboard.tier).toBe('none');
});
