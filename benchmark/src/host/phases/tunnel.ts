/** The phase that opens the ways in, as far as the network mode has any. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  FIREWALL_TABLE,
  HOST_PATHS,
  HOST_SECRETS,
  TUNNEL_INTERFACE,
  tunnelPeerKeys,
  type HostConfig,
} from '../../contract/host-config';
import { InputError } from '../../errors';
import type { Ran } from '../commands';
import { tunnelKey } from '../continuity/layout';
import type { Host } from '../host';
import type { Secret } from '../log/secret';
import { tunnelKeyIn } from '../tunnel/keys';
import { publish, publishedFacts } from '../tunnel/published-key';
import { Tunnel, type PeerFacts, type TunnelPeer } from '../tunnel/tunnel';
import { WgInterface } from '../tunnel/wg-interface';

type Wireguard = Extract<HostConfig['network'], { kind: 'wireguard' }>;

export async function openTunnel(host: Host, signal: AbortSignal): Promise<void> {
  const { network } = host.config;
  if (network.kind === 'outbound') return;
  await firewallClosed(host, signal);
  switch (network.kind) {
    case 'wireguard':
      await wireguard(host, network, signal);
      return host.tellHealthAt(network.address);
    case 'direct': {
      const { modelApiKey } = host.get('secrets');
      if (!modelApiKey)
        throw new InputError(`secrets: no ${HOST_SECRETS.modelApiKey}; the gateway would let nobody in`);
      return layDown(host, HOST_PATHS.gatewayEnvironment, `HE300_MODEL_API_KEY=${modelApiKey.reveal()}\n`);
    }
    case 'tailscale':
      layDown(host, HOST_PATHS.tailscaleAuthKey, (host.get('secrets').tailscaleAuthKey as Secret).reveal());
      return tailnetJoined(host, signal);
  }
}

/** When the runner is on this host, the peers only look on, and the run does not wait for them for long. */
const ONLOOKERS_MS = 60_000;

async function wireguard(host: Host, network: Wireguard, signal: AbortSignal): Promise<void> {
  const { config, log, run, options, redactor, found, over } = host;
  const directory = join(options.state, 'tunnel');
  const key = tunnelKeyIn(join(directory, 'key'), redactor);
  const { address, prefixLength, listenPort, keepaliveSeconds } = network;
  const tunnel = new Tunnel({
    ...{ log, address, prefixLength, listenPort, keepaliveSeconds, key },
    wg: new WgInterface({ name: TUNNEL_INTERFACE, run, directory }),
    peers: network.peers.map((peer) => peerOf(host, peer)),
  });
  await Promise.all([publishKey(host, network, key.publicKey), tunnel.up()]);
  const isNeeded = config.topology !== 'onboard';
  const patience = isNeeded ? signal : AbortSignal.any([signal, AbortSignal.timeout(ONLOOKERS_MS)]);
  try {
    await tunnel.connected(patience);
    log.info('every peer of the tunnel has proved itself');
  } catch (error) {
    if (isNeeded || signal.aborted) throw error;
    log.warn('the run does not wait for the peers of the tunnel', { error });
  }
  if (!found.tunnel) void tunnel.keep(over.signal);
  found.tunnel = tunnel;
}

async function publishKey(host: Host, { address, listenPort }: Wireguard, publicKey: string): Promise<void> {
  const { config, store } = host;
  const { instanceId, publicAddress } = host.get('identity');
  const runId = host.runs[0]?.runId ?? `${config.environment}-${instanceId}`;
  const endpoint = publicAddress === null ? null : `${publicAddress}:${listenPort}`;
  await Promise.all([
    store.put(tunnelKey(runId), `${publicKey}\n`, 'text/plain'),
    publish(store, address, { publicKey, endpoint, hostId: instanceId }),
  ]);
}

function peerOf(host: Host, peer: Wireguard['peers'][number]): TunnelPeer {
  const { name, address, publicKey, endpoint } = peer;
  const ofLongLife = async (fixed: string): Promise<PeerFacts> => {
    const parameter = tunnelPeerKeys(name);
    const text = (await host.get('source').read([parameter])).get(parameter)?.reveal().trim();
    const publicKeys = text ? text.split(/\s+/).slice(0, 2) : [fixed];
    if (publicKeys.some((key) => !/^[A-Za-z0-9+/]{43}=$/.test(key)))
      throw new Error(`tunnel: ${parameter} holds no public keys`);
    return { publicKeys, endpoint };
  };
  return {
    name,
    address,
    facts: () => (publicKey === null ? publishedFacts(host.store, address, endpoint) : ofLongLife(publicKey)),
  };
}

/** Its unit starts beside ours, and powers the host off where it fails. */
const FIREWALL_MS = 60_000;

/** A server that listens on every interface must not be reached but through the tunnel. */
async function firewallClosed({ run, log }: Host, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(FIREWALL_MS)]);
  const list = (): Promise<Ran> => run('nft', 'list', 'table', 'inet', FIREWALL_TABLE);
  let ran = await list();
  while (ran.code !== 0 && !patience.aborted) {
    await delay(200, undefined, { signal: patience }).catch(() => undefined);
    ran = await list();
  }
  const { code, stdout, stderr } = ran;
  if (code !== 0)
    throw new Error(`firewall: no table inet ${FIREWALL_TABLE}: ${stderr.trim().split('\n')[0]}`);
  if (!/hook input[^;]*;\s*policy drop;/.test(stdout))
    throw new Error(`firewall: table inet ${FIREWALL_TABLE} does not drop what it does not know`);
  log.info('the firewall is closed but for what it knows');
}

const JOINED = 'he300-tailnet.service';

async function tailnetJoined({ run, log }: Host, signal: AbortSignal): Promise<void> {
  for (;;) {
    const state = (await run('systemctl', 'is-active', JOINED)).stdout.trim();
    if (state === 'active') return log.info('the host has joined the tailnet');
    if (state === 'failed') throw new Error(`tunnel: ${JOINED} failed`);
    if (signal.aborted) throw new Error(`tunnel: ${JOINED} is ${state}`);
    await delay(1_000, undefined, { signal }).catch(() => undefined);
  }
}

/** For the unit that waits for it. */
function layDown({ options }: Host, place: string, text: string): void {
  const path = join(options.root ?? '/', place);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
}
