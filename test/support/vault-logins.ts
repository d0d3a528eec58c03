/** Logins to Vault as its clients make them, each request written here as Vault's documentation describes it. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsV4Signer } from 'aws4fetch';
import type { VaultServer } from './vault';

const REGION = 'us-east-1';
const IDENTITY_QUESTION = 'Action=GetCallerIdentity&Version=2011-06-15';
export const SERVER_ID_HEADER = 'X-Vault-AWS-IAM-Server-ID';

/** Login of a mount that takes what a client knows: the token. @throws VaultError */
async function login(
  vault: VaultServer,
  mount: string,
  body: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { auth } = await vault.send({ method: 'POST', path: `auth/${mount}/login`, body, token: undefined });
  return auth!.token;
}

export const loginByJwt = (vault: VaultServer, mount: string, role: string, jwt: string): Promise<string> =>
  login(vault, mount, { role, jwt });

/** https://developer.hashicorp.com/vault/docs/auth/aws#iam-auth-method */
export const loginByAws = (vault: VaultServer, role: string, identity: SignedQuestion): Promise<string> =>
  login(vault, 'aws', { role, ...identity });

/** @param wrapped a token that a secret id is wrapped in @throws VaultError */
export async function loginByAppRole(vault: VaultServer, roleId: string, wrapped: string): Promise<string> {
  const { data } = await unwrap(vault, wrapped);
  return login(vault, 'approle', { role_id: roleId, secret_id: data.secret_id });
}

export const unwrap = (vault: VaultServer, token: string) =>
  vault.send<{ readonly secret_id: string }>({ method: 'POST', path: 'sys/wrapping/unwrap', token });

export interface SignedQuestion {
  readonly iam_http_request_method: 'POST';
  readonly iam_request_url: string;
  readonly iam_request_body: string;
  readonly iam_request_headers: string;
}

export interface AssumedRole {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}

/**
 * "Who am I", signed for AWS's STS by those credentials: what a client hands to Vault, which asks.
 * @param unsigned headers that stand beside those that the signature covers
 */
export async function signedQuestion(
  { AccessKeyId, SecretAccessKey, SessionToken }: AssumedRole,
  headers: Readonly<Record<string, string>>,
  unsigned: Readonly<Record<string, string>> = {},
): Promise<SignedQuestion> {
  const url = 'https://sts.amazonaws.com/';
  const signer = new AwsV4Signer({
    ...{ method: 'POST', url, service: 'sts', region: REGION, body: IDENTITY_QUESTION },
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers },
    ...{ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    allHeaders: true,
  });
  const signed = await signer.sign();
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return {
    iam_http_request_method: 'POST',
    iam_request_url: base64(url),
    iam_request_body: base64(IDENTITY_QUESTION),
    iam_request_headers: base64(JSON.stringify({ ...Object.fromEntries(signed.headers), ...unsigned })),
  };
}

/** Credentials of a role, from the emulator's STS. */
export async function assumed(endpoint: string, roleArn: string): Promise<AssumedRole> {
  const sts = new STSClient({
    region: REGION,
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Credentials: credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'i-0123456789abcdef0' }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials!;
  return { AccessKeyId: AccessKeyId!, SecretAccessKey: SecretAccessKey!, SessionToken: SessionToken! };
}
