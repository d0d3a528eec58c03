import { cidrsOverlap } from '../constructs/network/cidr';
import { environmentNames, loadEnvironment } from '.';

test('an unknown environment is answered with the known ones', () => {
  expect(() => loadEnvironment('production')).toThrow(
    "unknown environment: 'production'; allowed: local, dev, staging, prod",
  );
});

const all = environmentNames.map(loadEnvironment);

test('every environment is sound, and is found under its own name', () => {
  expect(all.map(({ name }) => name)).toEqual(environmentNames);
});

test('their networks do not overlap, so that two may be joined one day', () => {
  const cidrs = all.flatMap(({ network: { vpc } }) => (vpc.kind === 'managed' ? [vpc.cidr] : []));
  const pairs = cidrs.flatMap((a, i) => cidrs.slice(i + 1).map((b) => [a, b] as const));
  expect(pairs.filter(([a, b]) => cidrsOverlap(a, b))).toEqual([]);
});

test('of those that share an account, exactly one creates the GitHub provider', () => {
  for (const account of new Set(all.map(({ accountId }) => accountId))) {
    const creating = all.filter((e) => e.accountId === account && e.github?.oidcProvider === 'create');
    expect(creating).toHaveLength(1);
  }
});

test('of those that share a Vault, exactly one creates what they share, and each has a mount of its own', () => {
  const places = all.flatMap(({ secrets }) => (secrets.kind === 'vault' ? [secrets] : []));
  const cluster = ({ address, namespace = '' }: (typeof places)[number]) => `${address} ${namespace}`;
  for (const one of new Set(places.map(cluster))) {
    const sharing = places.filter((place) => cluster(place) === one);
    expect(sharing.filter(({ shared }) => shared === 'create')).toHaveLength(1);
    expect(new Set(sharing.map(({ mount }) => mount)).size).toBe(sharing.length);
  }
});

test('what is published is never interrupted', () => {
  expect(loadEnvironment('prod').gpu.spotPolicy).toBe('never');
});
