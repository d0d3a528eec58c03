/** Tokens of a set-up: the one that it works with, and those that it leaves to people. */
import { VaultError, type VaultClient } from '@he300/benchmark/vault';
import type { Access } from './live-object';

export interface TokenSelf {
  readonly policies: readonly string[];
}

/** What Vault knows of the token; undefined when it is not valid, or not any more. @throws VaultError */
export async function lookUp(client: VaultClient, token: string): Promise<TokenSelf | undefined> {
  try {
    return (await client.send<TokenSelf>({ method: 'GET', path: 'auth/token/lookup-self', token })).data;
  } catch (error) {
    if (error instanceof VaultError && error.problem === 'denied') return undefined;
    throw error;
  }
}

export interface NewToken {
  readonly policy: string;
  readonly hours: number;
  /** Whether it outlives the token that makes it. */
  readonly orphan: boolean;
}

/** @throws VaultError */
export async function newToken(
  { client, token }: Access,
  { policy, hours, orphan }: NewToken,
): Promise<string> {
  const { auth } = await client.send({
    method: 'POST',
    path: 'auth/token/create',
    body: {
      policies: [policy],
      display_name: policy,
      no_default_policy: true,
      no_parent: orphan,
      ttl: `${hours}h`,
      explicit_max_ttl: `${hours}h`,
      renewable: false,
    },
    token,
  });
  if (!auth)
    throw new VaultError(
      `vault: auth/token/create at ${client.address}: an answer without a token`,
      'server',
    );
  return auth.token;
}

/** It can revoke itself, whatever else it may. @throws VaultError */
export async function revoke({ client, token }: Access): Promise<void> {
  await client.send({ method: 'POST', path: 'auth/token/revoke-self', token });
}
