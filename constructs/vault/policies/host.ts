import { HOST_API_KEYS, VAULT_PATHS } from '@he300/benchmark/contract';
import { grant, type Grant } from '../policy-text';
import { dataAt } from './kv';
import type { PolicyScope } from './scope';

/** A run's host: the key that it signs its events with, keys of services that it talks to, public keys of its peers. */
export function hostPolicy({ secrets }: PolicyScope): readonly Grant[] {
  const data = dataAt(secrets);
  return [
    VAULT_PATHS.webhookKey,
    ...Object.values(HOST_API_KEYS).map((name) => VAULT_PATHS.apiKey(name)),
    VAULT_PATHS.tunnelPeer('*'),
  ].map((path) => grant(data(path), 'read'));
}
