/** Logs in to Vault as the VM's role: https://developer.hashicorp.com/vault/docs/auth/aws#iam-auth-method */
import { VaultError, type VaultClient } from '@he300/benchmark/vault';
import { AwsV4Signer } from 'aws4fetch';
import type { VaultVmConfig } from '../config';

/** Vault leads the question to the endpoint of its own configuration, whatever is signed: its default is this one. */
const STS = 'https://sts.amazonaws.com/';
const WHO_AM_I = 'Action=GetCallerIdentity&Version=2011-06-15';

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
    ...{ method: 'POST', url: STS, body: WHO_AM_I, service: 'sts', region: 'us-east-1' },
    ...{ accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-vault-aws-iam-server-id': serverId,
    },
  });
  const { headers } = await signer.sign();
  const body = {
    role,
    iam_http_request_method: 'POST',
    iam_request_url: base64(STS),
    iam_request_body: base64(WHO_AM_I),
    iam_request_headers: base64(JSON.stringify(Object.fromEntries(headers))),
  };
  try {
    const { auth } = await vault.send({ method: 'POST', path: 'auth/aws/login', body });
    if (auth) return auth.token;
  } catch (error) {
    if (!(error instanceof VaultError) || error.passes) throw error;
    throw new Error(`${error.message}; ${role} is made by the environment's stack for Vault`);
  }
  throw new Error(`vault: the login as ${role} brought no token`);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
