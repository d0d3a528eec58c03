/** Who has which address in the tunnel 10.0.0.0/24: a pure function of the environment. */
import type { TunnelPeer } from '../../environments/fields/network';
import { cidrContains } from '../network/cidr';
import { TUNNEL_CIDR } from '../network/ports';

export const GPU_HOST_PEER = 'gpu-host';
/** The end that drives the GPU host. */
export const TEST_RUNNER_PEER = 'test-runner';

/** Addresses that belong to a name, whoever bears it. */
export const FIXED_ADDRESSES: Readonly<Record<string, string>> = {
  [TEST_RUNNER_PEER]: '10.0.0.1',
  [GPU_HOST_PEER]: '10.0.0.2',
};

export interface AllocatedPeer {
  readonly name: string;
  readonly address: string;
  /** Null for a host of the run, which makes its key when it boots. */
  readonly publicKey: string | null;
  /** Null for one that dials in, and for a host of the run, which publishes where it is. */
  readonly endpoint: string | null;
}

/** A host of the run, as the other one is told of it. */
export const hostPeer = (name: typeof GPU_HOST_PEER | typeof TEST_RUNNER_PEER): AllocatedPeer => ({
  name,
  address: FIXED_ADDRESSES[name]!,
  publicKey: null,
  endpoint: null,
});

/** Every peer with its address, in the order of the list; for peers without faults. */
export function allocate(peers: readonly TunnelPeer[]): readonly AllocatedPeer[] {
  const taken = new Set([...Object.values(FIXED_ADDRESSES), ...peers.map(({ address }) => address)]);
  const free = hostAddresses().filter((address) => !taken.has(address));
  return peers.map(({ name, publicKey, address, endpoint = null }) => ({
    name,
    address: address ?? FIXED_ADDRESSES[name] ?? free.shift()!,
    publicKey,
    endpoint,
  }));
}

const prefix = TUNNEL_CIDR.split('.').slice(0, 3).join('.');
const hostAddresses = (): string[] => Array.from({ length: 254 }, (_, i) => `${prefix}.${i + 1}`);

export interface PeerFault {
  /** Index of the peer in the list. */
  readonly index: number;
  readonly field: keyof TunnelPeer;
  readonly value: string;
  readonly allowed: string;
}

/**
 * What two ends would fight over, and what is not theirs to take.
 * @param hosts names that hosts of the run bear
 */
export function* peerFaults(peers: readonly TunnelPeer[], hosts: readonly string[]): Generator<PeerFault> {
  for (const [index, peer] of peers.entries()) {
    const before = peers.slice(0, index);
    const fault = (field: keyof TunnelPeer, allowed: string): PeerFault => ({
      index,
      field,
      value: peer[field]!,
      allowed,
    });
    if (hosts.includes(peer.name)) yield fault('name', `another name: ${peer.name} is a host of the run`);
    if (before.some(({ name }) => name === peer.name)) yield fault('name', 'each name once');
    if (before.some(({ publicKey }) => publicKey === peer.publicKey))
      yield fault('publicKey', 'each key once');
    const { address } = peer;
    if (address === undefined) continue;
    const owner = Object.entries(FIXED_ADDRESSES).find(([, fixed]) => fixed === address)?.[0];
    if (!cidrContains(TUNNEL_CIDR, `${address}/32`) || !hostAddresses().includes(address))
      yield fault('address', `an address of ${TUNNEL_CIDR} from ${prefix}.1 to ${prefix}.254`);
    else if (owner !== undefined && owner !== peer.name)
      yield fault('address', `another address: this one is that of ${owner}`);
    if (before.some((other) => other.address === address)) yield fault('address', 'each address once');
  }
}
