/** Logs in as the instance's role. */
import { awsLogin, callerQuestion, type VaultAuth, type VaultClient } from '../../../vault';
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

export class AwsIamLogin implements Login {
  readonly isRepeatable = true;

  constructor(private readonly options: AwsIamLoginOptions) {}

  async logIn(): Promise<VaultAuth> {
    const { client, aws, role, serverId } = this.options;
    const { url, ...question } = callerQuestion(serverId);
    const { headers } = await aws.sign({ ...question, url: new URL(url) });
    try {
      return authOf(await client.send(awsLogin(role, new Headers(headers))));
    } catch (error) {
      throw refusal(error, `the host logs in as ${role}, for the server ${serverId}`);
    }
  }

  forget(): void {
    // Nothing is kept: the next login needs nothing of this one.
  }
}
