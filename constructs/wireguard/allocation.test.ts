import fc from 'fast-check';
import type { TunnelPeer } from '../../environments/fields/network';
import { allocate, GPU_HOST_PEER, peerFaults, TEST_RUNNER_PEER } from './allocation';

const key = (n: number): string => Buffer.alloc(32, n).toString('base64');
const peer = (name: string, n: number, more: Partial<TunnelPeer> = {}): TunnelPeer => ({
  name,
  publicKey: key(n),
  ...more,
});
const faults = (peers: readonly TunnelPeer[], hosts: readonly string[] = [GPU_HOST_PEER]): string[] =>
  [...peerFaults(peers, hosts)].map(({ index, field, allowed }) => `${index}.${field}: ${allowed}`);

describe('a collision is refused', () => {
  test.each<[string, TunnelPeer[], string]>([
    ['two of one name', [peer('a', 1), peer('a', 2)], '1.name: each name once'],
    ['two of one key', [peer('a', 1), peer('b', 1)], '1.publicKey: each key once'],
    [
      'two of one address',
      [peer('a', 1, { address: '10.0.0.9' }), peer('b', 2, { address: '10.0.0.9' })],
      '1.address: each address once',
    ],
    ['one named as a host', [peer(GPU_HOST_PEER, 1)], '0.name: another name: gpu-host is a host of the run'],
    [
      'one that takes the address of a host',
      [peer('a', 1, { address: '10.0.0.2' })],
      '0.address: another address: this one is that of gpu-host',
    ],
    [
      'one outside of the tunnel',
      [peer('a', 1, { address: '10.0.1.9' })],
      '0.address: an address of 10.0.0.0/24 from 10.0.0.1 to 10.0.0.254',
    ],
    [
      'one that is called everybody',
      [peer('a', 1, { address: '10.0.0.255' })],
      '0.address: an address of 10.0.0.0/24 from 10.0.0.1 to 10.0.0.254',
    ],
  ])('%s', (_title, peers, said) => expect(faults(peers)).toEqual([said]));

  test('test-runner is a name like any other, unless the run has such a host', () => {
    const peers = [peer(TEST_RUNNER_PEER, 1)];
    expect(faults(peers)).toEqual([]);
    expect(faults(peers, [GPU_HOST_PEER, TEST_RUNNER_PEER])).toHaveLength(1);
  });
});

test('the test runner is 10.0.0.1 wherever it stands in the list, others come after the hosts', () => {
  const peers = [peer('a', 1), peer('b', 2, { address: '10.0.0.3', endpoint: 'b.example.org:51820' })];
  expect(allocate([...peers, peer(TEST_RUNNER_PEER, 3)])).toEqual([
    { name: 'a', address: '10.0.0.4', publicKey: key(1), endpoint: null },
    { name: 'b', address: '10.0.0.3', publicKey: key(2), endpoint: 'b.example.org:51820' },
    { name: TEST_RUNNER_PEER, address: '10.0.0.1', publicKey: key(3), endpoint: null },
  ]);
});

test('peers without faults get different addresses of the tunnel, none of them a host’s, always the same', () => {
  const anyPeers = fc.uniqueArray(
    fc.record(
      {
        name: fc.stringMatching(/^[a-z]{1,6}$/),
        octet: fc.integer({ min: 3, max: 254 }),
        fixed: fc.boolean(),
      },
      { requiredKeys: ['name', 'octet', 'fixed'] },
    ),
    { selector: ({ octet }) => octet, maxLength: 250 },
  );
  fc.assert(
    fc.property(anyPeers, (list) => {
      const peers = list.map(({ name, octet, fixed }, i) =>
        peer(`${name}-${i}`, octet, fixed ? { address: `10.0.0.${octet}` } : {}),
      );
      expect(faults(peers)).toEqual([]);
      const addresses = allocate(peers).map(({ address }) => address);
      expect(new Set(addresses).size).toBe(peers.length);
      for (const address of addresses)
        expect(Number(/^10\.0\.0\.(\d+)$/.exec(address)?.[1])).toBeGreaterThan(2);
      expect(allocate(peers)).toEqual(allocate(peers));
    }),
  );
});
