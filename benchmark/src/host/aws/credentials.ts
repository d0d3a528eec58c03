/** Credentials for AWS: from the environment, or the instance's role, asked for again before they end. */
import * as z from 'zod';
import { messageOf } from '../log/host-log';
import type { Redactor } from '../log/redactor';
import { Secret } from '../log/secret';
import { parsed, type Imds } from './imds';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret | undefined;
}

export type CredentialsProvider = () => Promise<AwsCredentials>;

/** The service gives new ones at least five minutes before the old ones end. */
const RENEW_BEFORE_MS = 300_000;

const roleCredentials = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string(),
  Expiration: z.iso.datetime({ offset: true }),
});

export function credentialsProvider(
  env: NodeJS.ProcessEnv,
  imds: Pick<Imds, 'text'>,
  redactor: Redactor,
  now: () => number = Date.now,
): CredentialsProvider {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, AWS_SESSION_TOKEN: token } = env;
  if (id && key) {
    const fixed: AwsCredentials = {
      accessKeyId: id,
      secretAccessKey: redactor.know(new Secret(key)),
      sessionToken: token ? redactor.know(new Secret(token)) : undefined,
    };
    return () => Promise.resolve(fixed);
  }
  const role = new RoleCredentials(imds, redactor, now);
  return () => role.fresh();
}

class RoleCredentials {
  private held: (AwsCredentials & { readonly untilMs: number }) | undefined;
  private asking: Promise<AwsCredentials> | undefined;

  constructor(
    private readonly imds: Pick<Imds, 'text'>,
    private readonly redactor: Redactor,
    private readonly now: () => number,
  ) {}

  async fresh(): Promise<AwsCredentials> {
    if (this.held && this.held.untilMs - RENEW_BEFORE_MS > this.now()) return this.held;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    try {
      return await this.asking;
    } catch (error) {
      // What is still good is better than nothing.
      if (this.held && this.held.untilMs > this.now()) return this.held;
      throw new Error(
        `AWS: no credentials: ${messageOf(error)}; allowed: an instance role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
      );
    }
  }

  private async ask(): Promise<AwsCredentials> {
    const path = 'meta-data/iam/security-credentials/';
    const role = (await this.imds.text(path))?.trim().split('\n')[0];
    const text = role ? await this.imds.text(`${path}${role}`) : undefined;
    if (text === undefined) throw new Error('the instance has no role');
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = parsed(roleCredentials, text, 'credentials');
    this.held = {
      accessKeyId: AccessKeyId,
      secretAccessKey: this.redactor.know(new Secret(SecretAccessKey)),
      sessionToken: this.redactor.know(new Secret(Token)),
      untilMs: Date.parse(Expiration),
    };
    return this.held;
  }
}
