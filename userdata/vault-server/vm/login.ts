/** Logs in to Vault as the VM's role. */
import { awsLogin, callerQuestion, VaultError, type VaultClient } from '@he300/benchmark/vault';
import { AwsV4Signer } from 'aws4fetch';
import type { VaultVmConfig } from '../config';

/** Of the instance's role. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** @returns the token @throws Error with a line that says what is lacking */
export async function logIn(
  vault: VaultClient,
  { snapshotRole: role, serverId }: Pick<VaultVmConfig, 'snapshotRole' | 'serverId'>,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
): Promise<string> {
  const signer = new AwsV4Signer({
    ...callerQuestion(serverId),
    ...{ accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
  });
  const { headers } = await signer.sign();
  try {
    const { auth } = await vault.send(awsLogin(role, headers));
    if (auth) return auth.token;
  } catch (error) {
    if (!(error instanceof VaultError) || error.passes) throw error;
    throw new Error(`${error.message}; ${role} is made by the environment's stack for Vault`);
  }
  throw new Error(`vault: the login as ${role} brought no token`);
}
