/** A Vault's first moments: made, unsealed, and ready to be asked (https://developer.hashicorp.com/vault/api-docs/system/init). */
import { VaultError, type VaultClient } from '@he300/benchmark/vault';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

export interface SealState {
  readonly initialized: boolean;
  readonly sealed: boolean;
  /** Whether somebody else unseals it, such as a KMS; its keys are then for recovery alone. */
  readonly unsealsItself: boolean;
  /** How many keys unseal it, or recover it. */
  readonly threshold: number;
  /** Which Vault it is. One that is sealed does not know. */
  readonly clusterId?: string;
}

/** As `vault operator init -format=json` writes them, and what we add. */
export const vaultKeys = z.object({
  unseal_keys_b64: z.array(z.string()),
  recovery_keys_b64: z.array(z.string()),
  /** Absent once the token is revoked. */
  root_token: z.string().optional(),
  /** Which Vault they are of; added when it first takes the root token. */
  cluster_id: z.string().optional(),
  /** For Terraform; added where nobody sits who could be told. */
  deploy_token: z.string().optional(),
});
export type VaultKeys = z.infer<typeof vaultKeys>;

export interface Shares {
  /** Into how many the key is split. */
  readonly count: number;
  /** How many of them are needed. */
  readonly threshold: number;
}

/** @throws VaultError */
export async function sealState(client: VaultClient): Promise<SealState> {
  const { data } = await client.send<{
    readonly initialized: boolean;
    readonly sealed: boolean;
    readonly type: string;
    readonly t: number;
    readonly cluster_id?: string;
  }>({ method: 'GET', path: 'sys/seal-status' });
  const { initialized, sealed, type, t, cluster_id: clusterId } = data;
  return {
    ...{ initialized, sealed, unsealsItself: type !== 'shamir', threshold: t },
    ...(clusterId ? { clusterId } : {}),
  };
}

/** Makes the Vault. Nobody ever tells its keys again. @throws VaultError */
export async function initialize(
  client: VaultClient,
  { count, threshold }: Shares,
  { unsealsItself }: SealState,
): Promise<VaultKeys> {
  const body = unsealsItself
    ? { recovery_shares: count, recovery_threshold: threshold }
    : { secret_shares: count, secret_threshold: threshold };
  const { data } = await client.send<{
    readonly keys_base64?: readonly string[];
    readonly recovery_keys_base64?: readonly string[];
    readonly root_token: string;
  }>({ method: 'POST', path: 'sys/init', body });
  return {
    unseal_keys_b64: [...(data.keys_base64 ?? [])],
    recovery_keys_b64: [...(data.recovery_keys_base64 ?? [])],
    root_token: data.root_token,
  };
}

/** Gives one key after the other until no more is needed. @throws VaultError, also for keys of another Vault */
export async function unseal(client: VaultClient, keys: readonly string[]): Promise<void> {
  // What somebody began with other keys does not count.
  await client.send({ method: 'POST', path: 'sys/unseal', body: { reset: true } });
  for (const key of keys) {
    const { data } = await client.send<{ readonly sealed: boolean }>({
      ...{ method: 'POST', path: 'sys/unseal', body: { key } },
    });
    if (!data.sealed) return;
  }
}

const READY_LIMIT_MS = 60_000;

/** A Vault that was just unsealed takes a moment to lead. @throws VaultError when it does not within a minute */
export async function untilReady(client: VaultClient): Promise<void> {
  for (const started = Date.now(); ; await delay(100)) {
    try {
      await client.send({ method: 'GET', path: 'sys/health?standbyok=true' });
      return;
    } catch (error) {
      const passes = error instanceof VaultError && error.passes;
      if (!passes || Date.now() - started > READY_LIMIT_MS) throw error;
    }
  }
}
