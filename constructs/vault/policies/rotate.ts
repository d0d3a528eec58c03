import { VAULT_PATHS } from '@he300/benchmark/contract';
import { grant, type Grant } from '../policy-text';
import { dataAt, metadataAt } from './kv';
import type { PolicyScope } from './scope';

const ROTATED = [
  VAULT_PATHS.apiKey('*'),
  VAULT_PATHS.postgres,
  VAULT_PATHS.redis,
  VAULT_PATHS.wireguard('*'),
  VAULT_PATHS.tunnelPeer('*'),
  VAULT_PATHS.jwtSigningKey,
  VAULT_PATHS.webhookKey,
];

/** `ops/rotate`, by hand or on a schedule: changes what it rotates, and keeps a record of a rotation while it lasts. */
export function rotatePolicy({ secrets }: PolicyScope): readonly Grant[] {
  const data = dataAt(secrets);
  const metadata = metadataAt(secrets);
  const record = VAULT_PATHS.rotation('*');
  return [
    ...ROTATED.flatMap((path) => [
      grant(data(path), 'create', 'read', 'update'),
      grant(metadata(path), 'read', 'update', 'list'),
    ]),
    grant(data(record), 'create', 'read', 'update', 'delete'),
    grant(metadata(record), 'read', 'update', 'delete', 'list'),
  ];
}
