/** Paths of the environment's KV v2 engine, as policies name them. */
import type { VaultSecrets } from '../../../environments/schema';

export const dataAt =
  ({ mount }: VaultSecrets) =>
  (path: string): string =>
    `${mount}/data/${path}`;

export const metadataAt =
  ({ mount }: VaultSecrets) =>
  (path: string): string =>
    `${mount}/metadata/${path}`;
