/** Rules that span several fields, about Vault. */
import { changed, faultsOf, FILE } from '../test/support/faulty-environments';
import { prod } from './prod';

const DATABASE = {
  host: 'db.example.org',
  port: 5432,
  name: 'he300',
  adminUsername: 'vault',
  ownerRole: 'he300_owner',
  tls: 'verify-full',
};
const KUBERNETES = {
  host: 'https://k8s.example.org',
  audience: 'vault',
  serviceAccount: 'he300',
  namespace: 'he300',
};
const SINGLE = 'nothing while dashboard.tier is single: that dashboard';

const vault = (change: object, more: object = {}) => ({
  secrets: { ...prod.secrets, ...change },
  dashboard: { tier: 'none' },
  ...more,
});
const database = (change: object, more: object = {}) => vault({ database: { ...DATABASE, ...change } }, more);
const lambda = (cidrs: readonly string[], more: object = { lambdaCloud: { apiKeyParameter: '/a/b' } }) =>
  vault({ lambdaCidrs: cidrs }, more);
/** With the dashboard that `dev` has: one VM. */
const onOneVm = ({ dashboard: _none, ...rest }: ReturnType<typeof vault>) => rest;

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  [
    'an API below a path',
    vault({ address: 'https://example.org/vault' }),
    'secrets.address: "https://example.org/vault"; allowed: an https:// URL without a path: the API stands at /v1',
  ],
  [
    'an address with a slash at its end',
    vault({ address: 'https://example.org/' }),
    'secrets.address: "https://example.org/"; allowed: an https:// URL without a path: the API stands at /v1',
  ],
  ...['sys', 'auth/x', 'identity', 'cubbyhole', 'database'].map(
    (mount): [string, Readonly<Record<string, unknown>>, string] => [
      `secrets at ${mount}`,
      vault({ mount }),
      `secrets.mount: "${mount}"; allowed: a mount that is not at or below auth, cubbyhole, identity, sys, database`,
    ],
  ),
  ...['he300/', 'a//b'].map((mount): [string, Readonly<Record<string, unknown>>, string] => [
    `secrets at ${mount}`,
    vault({ mount }),
    `secrets.mount: "${mount}"; allowed: a mount path without a slash at its end or two in a row`,
  ]),
  [
    'ranges of hosts that there are not',
    lambda(['192.0.2.0/24'], {}),
    'secrets.lambdaCidrs: ["192.0.2.0/24"]; allowed: nothing while lambdaCloud is absent: there are no such hosts',
  ],
  [
    'a range that is the world',
    lambda(['192.0.2.0/24', '0.0.0.0/0']),
    'secrets.lambdaCidrs[1]: "0.0.0.0/0"; allowed: a prefix length of 8 to 32; absent: from anywhere',
  ],
  [
    'a cluster while the dashboard is a VM',
    onOneVm(vault({ kubernetes: KUBERNETES })),
    `secrets.kubernetes: "https://k8s.example.org"; allowed: ${SINGLE} is in no cluster`,
  ],
  [
    'Postgres while the dashboard has none',
    onOneVm(database({})),
    `secrets.database: "db.example.org"; allowed: ${SINGLE} keeps its data in SQLite`,
  ],
  [
    'passwords over the network in the clear',
    database({ tls: 'disable' }),
    'secrets.database.tls: "disable"; allowed: "verify-full", "require" while secrets.database.host is db.example.org',
  ],
  [
    'a host that only begins as this machine does',
    database({ tls: 'disable', host: '127.0.0.1.example.org' }),
    'secrets.database.tls: "disable"; allowed: "verify-full", "require" while secrets.database.host is 127.0.0.1.example.org',
  ],
  [
    'tables of whoever makes the users',
    database({ ownerRole: 'vault' }),
    'secrets.database.ownerRole: "vault"; allowed: another than secrets.database.adminUsername: who makes users does not own the tables',
  ],
])('%s', (_title, changes, said) => {
  expect(faultsOf(changed(changes))).toEqual([`${FILE}: ${said}`]);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['a Vault with a port', vault({ address: 'https://vault.example.org:8200' })],
  ['a mount of several parts', vault({ mount: 'teams/he300/system' })],
  ['a Postgres beside the Vault, in the clear', database({ tls: 'disable', host: '127.0.0.1' })],
  ['a dashboard in a cluster, with Postgres', vault({ kubernetes: KUBERNETES, database: DATABASE })],
  ['Postgres of containers', database({}, { dashboard: prod.dashboard })],
  ['hosts of another cloud from where they are', lambda(['192.0.2.0/24', '10.0.0.0/8'])],
])('%s is allowed', (_title, changes) => {
  expect(faultsOf(changed(changes))).toEqual([]);
});
