/**
 * Logs in as the instance's role: the host signs a question to AWS who it is, and Vault asks it
 * (https://developer.hashicorp.com/vault/docs/auth/aws#iam-auth-method). Neither the role's credentials nor a secret of Vault
 * goes over the wire.
 */
import type { VaultAuth, VaultClient } from '../../../vault';
import type { AwsClient } from '../../aws/client';
import { authOf, type Login } from './login';
import { refusal } from './refusal';

export interface AwsIamLoginOptions {
  readonly client: VaultClient;
  readonly aws: AwsClient;
  readonly role: string;
  /** Signed with the question, so that it is good for this Vault alone. */
  readonly serverId: string;
}

/** Vault leads the question to the endpoint of its own configuration, whatever is signed: its default is this one. */
const STS = { url: new URL('https://sts.amazonaws.com/'), region: 'us-east-1' };
const WHO_AM_I = 'Action=GetCallerIdentity&Version=2011-06-15';

export class AwsIamLogin implements Login {
  readonly isRepeatable = true;

  constructor(private readonly options: AwsIamLoginOptions) {}

  async logIn(): Promise<VaultAuth> {
    const { client, aws, role, serverId } = this.options;
    const { headers } = await aws.sign({
      ...{ service: 'sts', ...STS, method: 'POST', body: WHO_AM_I },
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-vault-aws-iam-server-id': serverId,
      },
    });
    const body = {
      role,
      iam_http_request_method: 'POST',
      iam_request_url: base64(STS.url.href),
      iam_request_body: base64(WHO_AM_I),
      iam_request_headers: base64(JSON.stringify(Object.fromEntries(new Headers(headers)))),
    };
    try {
      return authOf(await client.send({ method: 'POST', path: 'auth/aws/login', body }));
    } catch (error) {
      throw refusal(error, `the host logs in as ${role}, for the server ${serverId}`);
    }
  }

  forget(): void {
    // Nothing is kept: the next login needs nothing of this one.
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
