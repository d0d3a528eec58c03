/** Rules that span several fields, about a Vault of one's own. */
import { changed, faultsOf, FILE } from '../test/support/faulty-environments';
import { devWithVaultServer, OWN_VAULT, VAULT_SERVER } from '../test/support/vault-servers';
import { subnetZonesIn } from './regions';

const own = (change: object, server: object = {}) => ({
  secrets: { ...OWN_VAULT, ...change, server: { ...VAULT_SERVER, ...server } },
});
const existing = (subnetIds: object) => ({
  'network.vpc': {
    kind: 'existing',
    regions: {
      'us-east-1': {
        vpcId: 'vpc-0123456789abcdef0',
        subnetIds: { a: 'subnet-0123456789abcdef0', b: 'subnet-0123456789abcdef1', ...subnetIds },
      },
      'us-west-2': { vpcId: 'vpc-0123456789abcdef0', subnetIds: { a: 'subnet-0123456789abcdef0' } },
    },
  },
});
const NAME =
  "https:// and a DNS name, no port and no path, while secrets.server is there: Let's Encrypt certifies the name, and Caddy answers on 443";

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ...[
    'https://vault.example.org:8200',
    'https://192.0.2.7',
    'https://vault.example.org/x',
    'https://vault',
  ].map(
    (address) =>
      [
        `an address that no certificate is issued for: ${address}`,
        own({ address }),
        `secrets.address: "${address}"; allowed: ${NAME}`,
      ] as [string, Readonly<Record<string, unknown>>, string],
  ),
  [
    'a namespace',
    own({ namespace: 'admin' }),
    'secrets.namespace: "admin"; allowed: nothing while secrets.server is there: the community edition has no namespaces',
  ],
  [
    'half of the world',
    own({}, { allow: ['0.0.0.0/0', '128.0.0.0/1'] }),
    'secrets.server.allow[1]: "128.0.0.0/1"; allowed: a prefix length of 8 to 32, or 0.0.0.0/0 for everybody',
  ],
  [
    'no image in the home region',
    own({}, { image: { kind: 'pinned', imageIds: { 'us-west-2': 'ami-0123456789abcdef0' } } }),
    'secrets.server.image.imageIds.us-east-1: nothing; allowed: an AMI id for the home region',
  ],
  [
    'a zone without a subnet',
    { ...own({}), ...existing({}) },
    'network.vpc.regions.us-east-1.subnetIds.c: nothing; allowed: a subnet id for zone c, which secrets.server stands in',
  ],
])('%s', (_title, changes, said) => {
  expect(faultsOf(changed(changes))).toEqual([`${FILE}: ${said}`]);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['one under its name', own({})],
  ['one in somebody’s VPC', { ...own({}), ...existing({ c: 'subnet-0123456789abcdef2' }) }],
  [
    'with another server, any port and namespace',
    {
      secrets: { ...OWN_VAULT, address: 'https://v.example.org:8200', namespace: 'admin', server: undefined },
    },
  ],
])('%s is allowed', (_title, changes) => {
  expect(faultsOf(changed(changes))).toEqual([]);
});

test('the platform has a subnet for it too, in the home region alone', () => {
  expect(subnetZonesIn(devWithVaultServer(), 'us-east-1')).toEqual(['a', 'b', 'c']);
  expect(subnetZonesIn(devWithVaultServer(), 'us-west-2')).toEqual(['a']);
});
