/** Rules that span several fields, about the dashboard. */
import { loadEnvironment } from '.';
import { changed, faultsOf, FILE } from '../test/support/faulty-environments';
import { dev } from './dev';
import { prod } from './prod';
import { dashboardZones, subnetZonesIn } from './regions';

const DOMAIN = 'dash.example.org';
const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
const single = (change: object) => ({ dashboard: { ...dev.dashboard, ...change } });
const ha = (change: object) => ({ dashboard: { ...(prod.dashboard as object), url: undefined, ...change } });
const existing = (subnetIds: object) => ({
  'network.vpc': {
    kind: 'existing',
    regions: {
      'us-east-1': { vpcId: 'vpc-0123456789abcdef0', subnetIds },
      'us-west-2': { vpcId: 'vpc-0123456789abcdef0', subnetIds: { a: 'subnet-0123456789abcdef0' } },
    },
  },
});
const SUBNETS = { a: 'subnet-0123456789abcdef0', b: 'subnet-0123456789abcdef1' };

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  [
    'a public one without a name',
    single({ exposure: 'public' }),
    'dashboard.domain: nothing; allowed: a DNS name while dashboard.exposure is public',
  ],
  [
    'a name that nobody outside can prove',
    single({ domain: DOMAIN }),
    'dashboard.domain: "dash.example.org"; allowed: nothing while dashboard.exposure is internal: Let\'s Encrypt must reach what it certifies',
  ],
  [
    'runs that report somewhere else',
    single({ exposure: 'public', domain: DOMAIN, url: 'https://other.example.org' }),
    'dashboard.url: "https://other.example.org"; allowed: https://dash.example.org, as dashboard.domain says',
  ],
  [
    'runs that report in the clear',
    single({ url: 'http://dash.example.org' }),
    'dashboard.url: "http://dash.example.org"; allowed: an https:// URL unless state is local',
  ],
  [
    'no image in the home region',
    single({ image: { kind: 'pinned', imageIds: { 'us-west-2': 'ami-0123456789abcdef0' } } }),
    'dashboard.image.imageIds.us-east-1: nothing; allowed: an AMI id for the home region',
  ],
  ['a zone twice', ha({ zones: ['a', 'a'] }), 'dashboard.zones[1]: "a"; allowed: each zone once'],
  [
    'a name without a certificate',
    ha({ certificateArn: undefined }),
    'dashboard.certificateArn: nothing; allowed: a certificate together with dashboard.domain, or neither',
  ],
  [
    'a certificate without a name',
    ha({ exposure: 'internal', domain: undefined }),
    `dashboard.certificateArn: "${ARN}"; allowed: a certificate together with dashboard.domain, or neither`,
  ],
  [
    'a certificate of another region',
    ha({ certificateArn: ARN.replace('us-east-1', 'us-west-2') }),
    `dashboard.certificateArn: "${ARN.replace('us-east-1', 'us-west-2')}"; allowed: one of the home region and the account: arn:aws:acm:us-east-1:123456789012:…`,
  ],
  [
    'a zone without a subnet',
    { ...ha({ zones: ['a', 'c'] }), ...existing(SUBNETS) },
    'network.vpc.regions.us-east-1.subnetIds.c: nothing; allowed: a subnet id for zone c, which the dashboard stands in',
  ],
])('%s', (_title, changes, said) => {
  expect(faultsOf(changed(changes))).toEqual([`${FILE}: ${said}`]);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['none that is deployed, and one elsewhere', { dashboard: { tier: 'none', url: 'https://x.example.org' } }],
  ['a public VM under its name', single({ exposure: 'public', domain: DOMAIN, url: `https://${DOMAIN}` })],
  ['containers inside the VPC', ha({ exposure: 'internal', domain: undefined, certificateArn: undefined })],
  ['containers inside the VPC, with TLS', ha({ exposure: 'internal' })],
  ['one in somebody’s VPC', { ...ha({}), ...existing(SUBNETS) }],
])('%s is allowed', (_title, changes) => {
  expect(faultsOf(changed(changes))).toEqual([]);
});

test('the platform has subnets for the dashboard too, in the home region alone', () => {
  const env = { ...loadEnvironment('staging'), dashboard: loadEnvironment('prod').dashboard };
  expect(dashboardZones(env)).toEqual(['a', 'b']);
  expect(subnetZonesIn(env, 'us-east-1')).toEqual(['a', 'b']);
  expect(subnetZonesIn(env, 'us-west-2')).toEqual([]);
  expect(dashboardZones(loadEnvironment('local'))).toEqual([]);
});
