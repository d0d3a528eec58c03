/**
 * A login by a role of AWS: the client signs a question to AWS who it is, and Vault asks it
 * (https://developer.hashicorp.com/vault/docs/auth/aws#iam-auth-method). No credential goes over the wire.
 */
import type { VaultRequest } from './client';

/** Vault leads the question to the endpoint of its own configuration, whatever is signed: its default is this one. */
const STS = 'https://sts.amazonaws.com/';
const WHO_AM_I = 'Action=GetCallerIdentity&Version=2011-06-15';

/** What is to be signed. @param serverId signed with it, so that it is good for this Vault alone */
export const callerQuestion = (serverId: string) =>
  ({
    service: 'sts',
    region: 'us-east-1',
    method: 'POST',
    url: STS,
    body: WHO_AM_I,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-vault-aws-iam-server-id': serverId,
    },
  }) as const;

/** The login with that question. @param signed its headers, with the signature among them */
export const awsLogin = (role: string, signed: Headers): VaultRequest => ({
  method: 'POST',
  path: 'auth/aws/login',
  body: {
    role,
    iam_http_request_method: 'POST',
    iam_request_url: base64(STS),
    iam_request_body: base64(WHO_AM_I),
    iam_request_headers: base64(JSON.stringify(Object.fromEntries(signed))),
  },
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
