/** Where the secrets of an environment stand in Vault: paths below the mount of its KV v2 engine, and the fields of each. */
import { HOST_SECRETS, tunnelPeerKeys } from './host-config';

const ROOT = 'he300';

export const VAULT_PATHS = {
  /** `api_key` of each: of a service that a run talks to, or of one that takes what a run has to say. */
  apiKey: (name: string): string => `${ROOT}/api-keys/${name}`,
  /** `username` and `password`, where short-lived users are not made. */
  postgres: `${ROOT}/database/postgres`,
  /** `username` and `password`. */
  redis: `${ROOT}/database/redis`,
  /** `private_key` of an end of the tunnel that lives longer than a run; while it changes it `next_private_key` too. */
  wireguard: (end: string): string => `${ROOT}/wireguard/${end}`,
  /** `public_keys` of that end, which its peers read: one, or while it changes its key two, the next one second. */
  tunnelPeer: (end: string): string => `${ROOT}/tunnel-peers/${end}`,
  /** `certificate`: PEM, the chain after it. */
  tlsCert: `${ROOT}/tls/cert`,
  /** `private_key`: PEM. */
  tlsKey: `${ROOT}/tls/key`,
  /** `kid` and `secret`; while both verify `previous_kid`, `previous_secret` and `previous_valid_until` too. */
  jwtSigningKey: `${ROOT}/jwt/signing-key`,
  /** `key`: of the environment's webhook, `whsec_` and base64. */
  webhookKey: `${ROOT}/webhook/signing-key`,
  /** A rotation that is not finished: what `ops/rotate` goes on with. */
  rotation: (what: string): string => `${ROOT}/rotation/${what}`,
} as const;

/** API keys that hosts read, by their names below `api-keys`. */
export const HOST_API_KEYS = {
  dashboard: 'dashboard',
  modelServer: 'model-server',
  tailscale: 'tailscale',
} as const;

export interface VaultPlace {
  /** Below the mount. */
  readonly path: string;
  readonly field: string;
}

const { webhookKey, dashboardToken, modelApiKey, tailscaleAuthKey } = HOST_SECRETS;

const PLACES: Readonly<Record<string, VaultPlace>> = {
  [webhookKey]: { path: VAULT_PATHS.webhookKey, field: 'key' },
  [dashboardToken]: { path: VAULT_PATHS.apiKey(HOST_API_KEYS.dashboard), field: 'api_key' },
  [modelApiKey]: { path: VAULT_PATHS.apiKey(HOST_API_KEYS.modelServer), field: 'api_key' },
  [tailscaleAuthKey]: { path: VAULT_PATHS.apiKey(HOST_API_KEYS.tailscale), field: 'api_key' },
};

const TUNNEL_PEER = tunnelPeerKeys('');

/** Where that stands which a host calls by a name of `HOST_SECRETS` or of `tunnelPeerKeys`. @throws Error for another name */
export function vaultPlaceOf(name: string): VaultPlace {
  const place = name.startsWith(TUNNEL_PEER)
    ? { path: VAULT_PATHS.tunnelPeer(name.slice(TUNNEL_PEER.length)), field: 'public_keys' }
    : PLACES[name];
  if (!place) throw new Error(`vault: no secret ${name}; allowed: ${Object.keys(PLACES).join(', ')}`);
  return place;
}
