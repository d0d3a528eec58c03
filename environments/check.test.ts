import fc from 'fast-check';
import { z } from 'zod';
import { dev } from './dev';
import { prod } from './prod';
import { changed, faultsOf, FILE } from '../test/support/faulty-environments';
import { VAULT_SERVER } from '../test/support/vault-servers';
import { environmentFields } from './schema';

const runnerHost = (change: object) => ({
  kind: 'remote',
  runner: {
    kind: 'host',
    instanceType: 'c7i.large',
    image: { kind: 'pinned', imageIds: {} },
    diskGb: 30,
    ...change,
  },
});
const tunnelTo = (change: object) => ({
  kind: 'wireguard',
  peers: [{ name: 'test-runner', publicKey: Buffer.alloc(32).toString('base64'), ...change }],
});

const single = (change: object) => ({ ...dev.dashboard, ...change });
const ha = (change: object) => ({ ...(prod.dashboard as object), ...change });

/** Field, wrong value, what the message says of it. One row at least for every field of the schema. */
const VAULT = {
  kind: 'vault',
  address: 'https://vault.example.org',
  mount: 'he300-dev',
  shared: 'create',
};
const DATABASE = {
  ...{ host: 'db.example.org', port: 5432, name: 'he300', adminUsername: 'vault' },
  ...{ ownerRole: 'he300_owner', tls: 'require' },
};
const KUBERNETES = {
  ...{ host: 'https://k8s.example.org', audience: 'vault', serviceAccount: 'he300', namespace: 'he300' },
};
const vault = (change: object) => ({ ...VAULT, ...change });
const database = (change: object) => vault({ database: { ...DATABASE, ...change } });
const kubernetes = (change: object) => vault({ kubernetes: { ...KUBERNETES, ...change } });
const server = (change: object) => vault({ server: { ...VAULT_SERVER, ...change } });

const WRONG: readonly (readonly [field: string, value: unknown, said: string])[] = [
  ['name', 'Dev', '"Dev"; allowed: 2 to 12 lower-case letters and digits, a letter first'],
  ['name', undefined, 'nothing; allowed: a value of type string'],
  [
    'namespace',
    'he_300',
    '"he_300"; allowed: 2 to 16 lower-case letters, digits and hyphens, a letter first',
  ],
  ['accountId', '1234', '"1234"; allowed: 12 digits'],
  ['accountId', 123456789012, '123456789012; allowed: a value of type string'],
  ['homeRegion', 'eu-central-1', '"eu-central-1"; allowed: "us-east-1", "us-east-2", "us-west-2"'],
  ['state', 'cloud', '"cloud"; allowed: "local", "s3"'],
  ['gpu', undefined, 'nothing; allowed: a value of type object'],
  ['gpu.candidates', [], '[]; allowed: at least one candidate'],
  ['gpu.candidates.0.cloud', 'gcp', '"gcp"; allowed: "aws"'],
  ['gpu.candidates.0.region', 'us-west-1', '"us-west-1"; allowed: "us-east-1", "us-east-2", "us-west-2"'],
  ['gpu.candidates.0.zone', 'us-east-1a', '"us-east-1a"; allowed: '],
  ['gpu.candidates.0.instanceType', 'p5.48xlarge', '"p5.48xlarge"; allowed: "g5.xlarge", '],
  ['gpu.candidates.0.market', 'reserved', '"reserved"; allowed: "spot", "on-demand"'],
  ['gpu.spotPolicy', 'always', '"always"; allowed: "allowed", "never"'],
  ['gpu.image', { kind: 'marketplace' }, 'allowed: "ssm", "pinned"'],
  [
    'gpu.image.parameter',
    'he300/image',
    '"he300/image"; allowed: a parameter path such as /he300/dev/gpu-image, at most 100 characters',
  ],
  [
    'gpu.image.source',
    '/he300/x',
    '"/he300/x"; allowed: a public parameter path that begins with /aws/service/',
  ],
  [
    'gpu.image',
    { kind: 'pinned', imageIds: { 'us-east-1': 'ubuntu' } },
    '"ubuntu"; allowed: an AMI id such as ami-0123456789abcdef0',
  ],
  ['gpu.diskGb', 50, '50; allowed: at least 100'],
  ['gpu.diskGb', 100.5, '100.5; allowed: '],
  ['run.timeLimitMinutes', 5, '5; allowed: at least 15'],
  ['run.timeLimitMinutes', 2000, '2000; allowed: at most 1440'],
  ['run.priceCapUsd', 0, '0; allowed: '],
  ['run.priceCapUsd', '4', '"4"; allowed: a value of type number'],
  ['run.models', [], '[]; allowed: at least one model'],
  [
    'run.models.0',
    'llama; rm -rf /',
    '"llama; rm -rf /"; allowed: a model name such as llama3.2:3b-instruct-q4_K_M',
  ],
  ['run.spec', '2.0', '"2.0"; allowed: "1.0", "1.1", "1.2", "starter"'],
  ['run.weights', { 'a model': 'x' }, '"a model"; allowed: a model name such as'],
  ['run.weights', { m: 'x' }, '"x"; allowed: 64 lower-case hex digits, as `npm run publish` prints them'],
  ['run.dataset', 'latest', '"latest"; allowed: 64 lower-case hex digits, as `npm run publish` prints them'],
  ['run.seed', -1, '-1; allowed: at least 0'],
  ['run.concurrency', 0, '0; allowed: at least 1'],
  ['modelServer', { kind: 'tgi' }, 'allowed: "ollama", "vllm", "external", "embedded"'],
  [
    'modelServer.slots',
    '4 slots',
    '"4 slots"; allowed: a number of slots, computed, or the name of a setting',
  ],
  ['modelServer.slots', 0, '0; allowed: at least 1'],
  ['modelServer.contextTokens', 100, '100; allowed: at least 512'],
  ['modelServer.cache', 'q4_0', '"q4_0"; allowed: "f16", "q8_0"'],
  [
    'modelServer',
    { kind: 'external', engine: 'bedrock', url: 'https://x' },
    '"bedrock"; allowed: "openai", "ollama"',
  ],
  [
    'modelServer',
    { kind: 'external', engine: 'openai', url: 'http://me:secret@x' },
    '"http://me:secret@x"; allowed: an https:// or http:// URL without user name and query',
  ],
  ['topology', { kind: 'local' }, 'allowed: "onboard", "remote"'],
  ['topology', { kind: 'remote', runner: { kind: 'laptop' } }, 'allowed: "host", "peer"'],
  ['topology', runnerHost({ instanceType: 't3.micro' }), '"t3.micro"; allowed: "c7i.large", '],
  ['topology', runnerHost({ image: { kind: 'newest' } }), 'allowed: "ssm", "pinned"'],
  [
    'topology',
    runnerHost({ image: { kind: 'ssm', parameter: 'image', source: '/aws/service/x' } }),
    '"image"; allowed: a parameter path',
  ],
  ['topology', runnerHost({ diskGb: 8 }), '8; allowed: at least 20'],
  ['network.mode', { kind: 'vpn' }, 'allowed: "outbound", "wireguard", "direct", "tailscale"'],
  ['network.mode', { kind: 'direct', domain: 'no domain', allow: ['github'] }, '"no domain"; allowed: '],
  [
    'network.mode',
    { kind: 'direct', domain: 'gpu.example.org', allow: [] },
    '[]; allowed: at least one CIDR or preset',
  ],
  [
    'network.mode',
    { kind: 'direct', domain: 'gpu.example.org', allow: ['everybody'] },
    '"everybody"; allowed: an IPv4 CIDR such as 203.0.113.0/24, its host bits zero, or the preset github',
  ],
  [
    'network.mode',
    tunnelTo({ name: 'A' }),
    '"A"; allowed: lower-case letters, digits and hyphens, a letter first',
  ],
  ['network.mode', tunnelTo({ publicKey: 'abc' }), '"abc"; allowed: a public key as `wg pubkey` prints it'],
  ['network.mode', tunnelTo({ address: 'me' }), '"me"; allowed: an address of the tunnel such as 10.0.0.3'],
  ['network.mode', tunnelTo({ endpoint: 'example.org' }), '"example.org"; allowed: host:port'],
  ['network.mode', { kind: 'tailscale', tag: 'gpu' }, '"gpu"; allowed: an ACL tag such as tag:he300-gpu'],
  ['network.vpc', { kind: 'shared' }, 'allowed: "managed", "existing"'],
  ['network.vpc.cidr', '10.41.0.0', '"10.41.0.0"; allowed: '],
  [
    'network.vpc',
    { kind: 'existing', regions: { 'us-east-1': { vpcId: 'mine', subnetIds: {} } } },
    '"mine"; allowed: a VPC id such as vpc-0123456789abcdef0',
  ],
  [
    'network.vpc',
    {
      kind: 'existing',
      regions: { 'us-east-1': { vpcId: 'vpc-0123456789abcdef0', subnetIds: { a: 'mine' } } },
    },
    '"mine"; allowed: a subnet id such as subnet-0123456789abcdef0',
  ],
  ['network.adminCidrs', ['me'], '"me"; allowed: '],
  ['artifacts.rawRetentionDays', 0, '0; allowed: at least 1'],
  ['artifacts.logRetentionDays', 31, '31; allowed: a CloudWatch retention: 1, 3, 5, 7, 14, 30, '],
  ['artifacts.destroyWithPlatform', 'yes', '"yes"; allowed: a value of type boolean'],
  ['dashboard.tier', 'big', '"big"; allowed: "none", "single", "ha"'],
  [
    'dashboard.url',
    'http://dash.example.org',
    '"http://dash.example.org"; allowed: an https:// URL unless state is local',
  ],
  ['dashboard.exposure', 'everywhere', '"everywhere"; allowed: "public", "internal"'],
  ['dashboard.protected', 'yes', '"yes"; allowed: a value of type boolean'],
  ['dashboard.publicRead', undefined, 'nothing; allowed: a value of type boolean'],
  ['dashboard.backupDays', 36, '36; allowed: at most 35'],
  ['dashboard.alarmEmail', 'me', '"me"; allowed: an e-mail address'],
  ['dashboard.domain', 'Dash', '"Dash"; allowed: a lower-case DNS name'],
  ['dashboard.zone', 'us-east-1a', '"us-east-1a"; allowed: one zone letter, a to f'],
  ['dashboard.instanceType', 't4g.small', '"t4g.small"; allowed: "t3.small", '],
  ['dashboard', single({ image: { kind: 'newest' } }), 'allowed: "ssm", "pinned"'],
  ['dashboard.dataGb', 1, '1; allowed: at least 8'],
  ['dashboard.backupEveryHours', 0, '0; allowed: at least 1'],
  ['dashboard', ha({ certificateArn: 'mine' }), '"mine"; allowed: the ARN of a certificate of ACM'],
  ['dashboard', ha({ zones: ['a'] }), '["a"]; allowed: at least two zones'],
  ['dashboard', ha({ image: 'ghcr.io/a/b:latest' }), 'allowed: an image by its digest, such as'],
  ['dashboard', ha({ databaseClass: 'db.t2.micro' }), '"db.t2.micro"; allowed: "db.t4g.micro", '],
  ['dashboard', ha({ databaseGb: 5 }), '5; allowed: at least 20'],
  ['dashboard', ha({ dataGb: 5 }), '5; allowed: no such field'],
  ['secrets', { kind: 'file' }, 'allowed: "ssm", "vault"'],
  ['secrets', vault({ address: 'http://vault' }), '"http://vault"; allowed: an https:// URL'],
  ['secrets', vault({ mount: '/kv' }), '"/kv"; allowed: a mount path without leading slash'],
  ['secrets', vault({ namespace: '/a' }), '"/a"; allowed: a mount path without leading slash'],
  ['secrets', vault({ shared: 'maybe' }), '"maybe"; allowed: "create", "existing"'],
  ['secrets', vault({ lambdaCidrs: ['10.0.0.1/8'] }), '"10.0.0.1/8"; allowed: an IPv4 CIDR such as'],
  ['secrets', database({ host: 'A' }), '"A"; allowed: a host name or an address'],
  ['secrets', database({ port: 0 }), '0; allowed: at least 1'],
  ['secrets', database({ name: 'a-b' }), '"a-b"; allowed: lower-case letters, digits and _'],
  ['secrets', database({ adminUsername: '' }), '""; allowed: lower-case letters, digits and _'],
  ['secrets', database({ adminPasswordVersion: 0 }), '0; allowed: at least 1'],
  ['secrets', database({ ownerRole: 'A' }), '"A"; allowed: lower-case letters, digits and _'],
  ['secrets', database({ tls: 'maybe' }), '"maybe"; allowed: "verify-full", "require", "disable"'],
  ['secrets', database({ caCertificates: '' }), '""; allowed: certificates in PEM'],
  ['secrets', kubernetes({ host: 'http://k8s' }), '"http://k8s"; allowed: an https:// URL'],
  ['secrets', kubernetes({ caCertificates: 'mine' }), '"mine"; allowed: certificates in PEM'],
  ['secrets', kubernetes({ audience: '' }), '""; allowed: '],
  ['secrets', kubernetes({ serviceAccount: 'A' }), '"A"; allowed: the name of a service account'],
  ['secrets', kubernetes({ namespace: 'A' }), '"A"; allowed: the name of a namespace'],
  ['secrets', server({ allow: [] }), '[]; allowed: at least one CIDR'],
  ['secrets', server({ allow: ['me'] }), '"me"; allowed: an IPv4 CIDR such as'],
  ['secrets', server({ protected: 'yes' }), '"yes"; allowed: a value of type boolean'],
  ['secrets', server({ zone: 'us-east-1a' }), '"us-east-1a"; allowed: one zone letter, a to f'],
  ['secrets', server({ instanceType: 't2.nano' }), '"t2.nano"; allowed: "t3.small", '],
  ['secrets', server({ image: { kind: 'newest' } }), 'allowed: "ssm", "pinned"'],
  ['secrets', server({ dataGb: 1 }), '1; allowed: at least 8'],
  ['secrets', server({ snapshotEveryHours: 0 }), '0; allowed: at least 1'],
  ['secrets', server({ snapshotDays: 0 }), '0; allowed: at least 1'],
  ['secrets', server({ alarmEmail: 'me' }), '"me"; allowed: an e-mail address'],
  ['github.owner', 'a/b', '"a/b"; allowed: a GitHub owner name'],
  ['github.ownerId', 0, '0; allowed: '],
  ['github.repository', 'a/b', '"a/b"; allowed: a repository name without the owner'],
  ['github.repositoryId', '7', '"7"; allowed: a value of type number'],
  ['github.subjectFormat', 'ids', '"ids"; allowed: "names", "names-and-ids"'],
  ['github.applyEnvironment', '', '""; allowed: 1 to 255 letters, digits, spaces and ._/-'],
  ['github.branch', ' ', '" "; allowed: the name of a branch'],
  ['github.oidcProvider', 'new', '"new"; allowed: "create", "existing"'],
  [
    'lambdaCloud',
    { apiKeyParameter: 'key' },
    '"key"; allowed: a parameter path such as /he300/dev/gpu-image, at most 100 characters',
  ],
  ['owner', '', '""; allowed: 1 to 63 letters, digits, spaces and ._@+-'],
  ['tags', { 'aws:x': 'y' }, 'allowed: a tag key that begins with neither aws: nor he300:'],
  ['tags', { team: 7 }, '7; allowed: a value of type string'],
];

test.each(WRONG)(
  '%s: %j is told in one line with the file, the field, the value and what is allowed',
  (field, value, said) => {
    const [line, ...more] = faultsOf(changed({ [field]: value }));
    expect(more).toEqual([]);
    const shown = field.replace(/\.(\d+)/g, '[$1]');
    expect(line).toMatch(new RegExp(`^${FILE}: ${shown.replace(/[.[\]]/g, '\\$&')}.*: `));
    expect(line).toContain(said);
  },
);

/** Paths of all fields, without the index of a list, the key of a record and the kind of a union. */
function fieldsOf(schema: z.core.JSONSchema._JSONSchema, at = ''): string[] {
  if (typeof schema === 'boolean') return [];
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((option) => fieldsOf(option, at));
  const items = schema.items && !Array.isArray(schema.items) ? fieldsOf(schema.items, at) : [];
  const properties = Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== 'kind')
    .flatMap(([name, field]) => {
      const path = at ? `${at}.${name}` : name;
      const leaves = fieldsOf(field, path);
      return leaves.length > 0 ? leaves : [path];
    });
  return [...new Set([...inner, ...items, ...properties])];
}

test('the table above leaves no field out', () => {
  const tried = JSON.stringify(WRONG);
  const paths = fieldsOf(z.toJSONSchema(environmentFields, { io: 'input' }));
  expect(paths.length).toBeGreaterThan(40);
  const missing = paths.filter((path) => {
    const [leaf] = path.split('.').slice(-1);
    return !WRONG.some(([field]) => field.replace(/\.\d+/g, '') === path) && !tried.includes(`"${leaf}":`);
  });
  expect(missing).toEqual([]);
});

describe('rules that span several fields', () => {
  const spot = { cloud: 'aws', region: 'us-east-1', zone: 'a', instanceType: 'g5.xlarge', market: 'spot' };
  test.each<[string, string, unknown, string]>([
    [
      'spot where it is not allowed',
      'gpu.spotPolicy',
      'never',
      `gpu.candidates[0].market: "spot"; allowed: 'on-demand' while gpu.spotPolicy is 'never'`,
    ],
    [
      'a candidate twice',
      'gpu.candidates',
      [spot, spot],
      'gpu.candidates[1]: {"cloud":"aws","region":"us-east-1","zone":"a","instanceType":"g5.xlarge","market":"spot"}; allowed: each candidate once',
    ],
    [
      'a region without a pinned image',
      'gpu.image',
      { kind: 'pinned', imageIds: { 'us-east-1': 'ami-0123456789abcdef0' } },
      'gpu.image.imageIds.us-west-2: nothing; allowed: an AMI id for every candidate region',
    ],
    [
      'a zone without a subnet',
      'network.vpc',
      {
        kind: 'existing',
        regions: {
          'us-east-1': {
            vpcId: 'vpc-0123456789abcdef0',
            subnetIds: { a: 'subnet-0123456789abcdef0', b: 'subnet-0123456789abcdef1' },
          },
        },
      },
      'network.vpc.regions.us-west-2.subnetIds.a: nothing; allowed: a subnet id for zone a, which gpu.candidates[3] names',
    ],
    [
      'a network across the tunnel',
      'network.vpc.cidr',
      '10.0.0.0/16',
      'network.vpc.cidr: "10.0.0.0/16"; allowed: a range that does not overlap the tunnel 10.0.0.0/24',
    ],
    [
      'a network that is too small for its subnets',
      'network.vpc.cidr',
      '10.41.0.0/26',
      'network.vpc.cidr: "10.41.0.0/26"; allowed: a prefix length of 16 to 24',
    ],
    [
      'an admin port for the world',
      'network.adminCidrs',
      ['10.0.0.0/8', '0.0.0.0/0'],
      'network.adminCidrs[1]: "0.0.0.0/0"; allowed: a prefix length of 8 to 32: the admin port is never open to the world',
    ],
    [
      'an admin port for half of it',
      'network.adminCidrs',
      ['0.0.0.0/1'],
      'network.adminCidrs[0]: "0.0.0.0/1"; allowed: a prefix length of 8 to 32: the admin port is never open to the world',
    ],
    [
      'a model API for the world',
      'network.mode',
      { kind: 'direct', domain: 'gpu.example.org', allow: ['github', '0.0.0.0/0'] },
      `network.mode.allow[1]: "0.0.0.0/0"; allowed: a prefix length of 8 to 32, or 'github'`,
    ],
  ])('%s', (_title, field, value, said) => {
    const lines = faultsOf(changed({ [field]: value }));
    expect(lines).toContain(`${FILE}: ${said}`);
  });
});

describe('whatever an environment is made of', () => {
  test('a field that nobody knows is named', () => {
    expect(faultsOf(changed({ 'gpu.disk': 200 }))).toEqual([
      `${FILE}: gpu.disk: 200; allowed: no such field`,
    ]);
  });

  test('several faults are several lines', () => {
    expect(faultsOf({ ...(changed({ 'gpu.diskGb': 1 }) as object), state: 'x', owner: '' })).toHaveLength(3);
  });

  test('a huge value is shown in part', () => {
    const [line] = faultsOf(changed({ owner: 'x'.repeat(10_000) }));
    expect(line!.length).toBeLessThan(300);
  });

  test('the answer is an environment, or lines that name the file and what is allowed, and nothing else', () => {
    const paths = [...new Set(WRONG.map(([field]) => field))];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        for (const line of faultsOf(changed({ [path]: value })))
          expect(line).toMatch(/^environments\/dev\.ts: .+: .+; allowed: .+$/);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(faultsOf(value).length).toBeGreaterThan(0);
      }),
    );
  });
});

test('every field says what it is for', () => {
  const silent: string[] = [];
  const walk = (schema: z.core.JSONSchema._JSONSchema, path: string): void => {
    if (typeof schema === 'boolean') return;
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      const isGroup = typeof field !== 'boolean' && field.properties !== undefined;
      const named =
        typeof field !== 'boolean' && (field.description ?? (field.const !== undefined ? 'kind' : ''));
      if (!named && !isGroup) silent.push(`${path}${name}`);
      walk(field, `${path}${name}.`);
    }
    for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) walk(option, path);
    if (schema.items && !Array.isArray(schema.items)) walk(schema.items, path);
  };
  walk(z.toJSONSchema(environmentFields, { io: 'input' }), '');
  expect(silent).toEqual([]);
});
