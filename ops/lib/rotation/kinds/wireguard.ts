/** Keys of the ends of the tunnel that live longer than a run: who holds the private one says how it is rotated. */
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import type { Environment } from '../../../../environments/schema';
import type { Kind, Secrets } from '../kind';
import { heldEndKind } from './held-end';
import { ownEndKind } from './own-end';

export interface WireguardOptions {
  /** Whether the end holds its private key itself, and a person brings the public one; else Vault does. */
  readonly byHand: boolean;
}

export const wireguardKind = (env: Environment, end: string, { byHand }: WireguardOptions): Kind =>
  byHand ? ownEndKind(env, end) : heldEndKind(end);

/** Every end that Vault knows. @throws VaultError */
export async function wireguardKinds(env: Environment, secrets: Secrets): Promise<readonly Kind[]> {
  const [held, told] = await Promise.all([
    secrets.list(VAULT_PATHS.wireguard('').replace(/\/$/, '')),
    secrets.list(VAULT_PATHS.tunnelPeer('').replace(/\/$/, '')),
  ]);
  return [...new Set([...held, ...told])].map((end) =>
    wireguardKind(env, end, { byHand: !held.includes(end) }),
  );
}
