/** An end of the tunnel that is no host of ours: a person's machine, or a workflow that drives a GPU host. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostConfig, type HostConfig } from '../../contract/host-config';
import { InputError } from '../../errors';
import type { Store } from '../aws/s3';
import { runProgram } from '../commands';
import { HostLog } from '../log/host-log';
import { Redactor } from '../log/redactor';
import { adoptNextKey, hasNextKey, nextTunnelKey, tunnelKeyIn } from './keys';
import { publishedFacts } from './published-key';
import { Tunnel } from './tunnel';
import { WgInterface } from './wg-interface';

export interface OwnEndOptions {
  /** JSON, as `network` of `host.json`. */
  readonly config: string;
  /** Where the keys are kept. */
  readonly state: string;
  readonly interfaceName: string;
  /** Where hosts publish their keys; undefined when every key is in the configuration. */
  readonly store: Store | undefined;
  readonly write: (line: string) => void;
}

const keyPath = (state: string): string => join(state, 'key');

/** Takes the tunnel up, and returns when every peer has proved itself. @throws Error when one has not in time */
export async function takeUp(options: OwnEndOptions, patience: AbortSignal): Promise<void> {
  const tunnel = tunnelOf(options);
  await tunnel.up();
  await tunnel.connected(patience);
}

/** Public key that the peers must accept before this end changes to it. */
export const nextPublicKey = (state: string): string =>
  nextTunnelKey(keyPath(state), new Redactor()).publicKey;

export const publicKey = (state: string): string => tunnelKeyIn(keyPath(state), new Redactor()).publicKey;

/** Changes to the next key; where nobody answers to it, the one so far is taken back. @throws InputError */
export async function rotate(options: OwnEndOptions, patience: AbortSignal): Promise<void> {
  const path = keyPath(options.state);
  if (!hasNextKey(path))
    throw new InputError('tunnel: there is no next key; allowed: he300 tunnel next-key first');
  const tunnel = tunnelOf(options);
  await tunnel.up();
  if (!(await tunnel.changeKey(nextTunnelKey(path, new Redactor()), patience)))
    throw new InputError(
      'tunnel: no peer answers to the next key, so the one so far holds; let them accept it first',
    );
  adoptNextKey(path);
}

export async function takeDown({
  interfaceName,
  state,
}: Pick<OwnEndOptions, 'interfaceName' | 'state'>): Promise<void> {
  await new WgInterface({ name: interfaceName, run: runProgram, directory: state }).down();
}

function tunnelOf({ config, state, interfaceName, store, write }: OwnEndOptions): Tunnel {
  const network = readNetwork(config);
  const redactor = new Redactor();
  const { address, prefixLength, listenPort, keepaliveSeconds } = network;
  return new Tunnel({
    ...{ address, prefixLength, listenPort, keepaliveSeconds },
    log: new HostLog({ redactor, write }),
    wg: new WgInterface({ name: interfaceName, run: runProgram, directory: state }),
    key: tunnelKeyIn(keyPath(state), redactor),
    peers: network.peers.map(({ name, address: at, publicKey: key, endpoint }) => {
      if (key !== null) {
        const facts = { publicKeys: [key], endpoint };
        return { name, address: at, facts: () => Promise.resolve(facts) };
      }
      if (!store)
        throw new InputError(
          `tunnel: ${name} has no public key; allowed: one, or --bucket where it publishes it`,
        );
      return { name, address: at, facts: () => publishedFacts(store, at, endpoint) };
    }),
  });
}

/** @throws InputError naming the field */
function readNetwork(path: string): Extract<HostConfig['network'], { kind: 'wireguard' }> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InputError(`tunnel: cannot read ${path}: ${(error as Error).message}`);
  }
  const { data, error } = hostConfig.shape.network.safeParse(value);
  if (error) {
    const { path: field, message } = error.issues[0]!;
    throw new InputError(`tunnel: ${path}: ${field.join('.') || 'network'}: ${message}`);
  }
  if (data.kind !== 'wireguard')
    throw new InputError(`tunnel: ${path}: kind: ${data.kind}; allowed: wireguard`);
  return data;
}
