/** The environment of the hosts that tests boot: `local`, which reports to a dashboard and asks a server through the tunnel. */
import type { EnvironmentInput } from '../../../environments';
import { local } from '../../../environments/local';
import { TEST_RUNNER_PEER, FIXED_ADDRESSES } from '../../../constructs/wireguard/allocation';
import { fromVm } from './boot';
import type { TunnelPeer } from './peer';

export const MODEL = 'he300-demo';
/** Of the machine's end of the tunnel. */
export const PEER_ADDRESS = FIXED_ADDRESSES[TEST_RUNNER_PEER]!;
const SERVER_PORT = 11_434;

/** An image that the emulator knows; what is booted is ours. */
const IMAGE = { kind: 'pinned', imageIds: { 'us-east-1': 'ami-12c6146b' } } as const;

export interface BootedEnvironmentProps {
  /** Of the dashboard, as this machine sees it. */
  readonly dashboardUrl: string;
  readonly engine: 'ollama' | 'openai';
  /** Of the model server, as the host sees it. */
  readonly serverUrl: string;
  /** As that server calls it. @default MODEL */
  readonly model?: string;
  /** The other end of the tunnel. @default - no tunnel */
  readonly peer?: TunnelPeer;
  /** @default 60 */
  readonly timeLimitMinutes?: number;
}

export function bootedEnvironment(props: BootedEnvironmentProps): EnvironmentInput {
  const { dashboardUrl, engine, serverUrl, model = MODEL, peer, timeLimitMinutes = 60 } = props;
  return {
    ...local,
    name: 'booted',
    gpu: { ...local.gpu, image: IMAGE },
    run: { ...local.run, models: [model], concurrency: 4, timeLimitMinutes },
    modelServer: { kind: 'external', engine, url: serverUrl },
    dashboard: { tier: 'none', url: fromVm(dashboardUrl) },
    network: {
      ...local.network,
      mode: peer
        ? {
            kind: 'wireguard',
            peers: [{ name: TEST_RUNNER_PEER, publicKey: peer.publicKey, endpoint: peer.endpoint }],
          }
        : { kind: 'outbound' },
    },
  };
}

/** Offers a server of this machine to the host through the tunnel; resolves to the URL that the host asks. */
export async function throughTunnel(peer: TunnelPeer, server: URL): Promise<string> {
  await peer.offer(PEER_ADDRESS, SERVER_PORT, { hostname: server.hostname, port: Number(server.port) });
  return `http://${PEER_ADDRESS}:${SERVER_PORT}`;
}
