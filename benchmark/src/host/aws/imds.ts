/** The instance metadata service, version 2: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html */
import * as z from 'zod';
import { messageOf } from '../log/host-log';

export const IMDS_URL = 'http://169.254.169.254';

const TOKEN_SECONDS = 21_600;
/** It is a hop away: one that does not answer at once is not there. */
const TIME_LIMIT_MS = 2_000;

export class ImdsError extends Error {
  override readonly name = 'ImdsError';
}

const spotAction = z.object({ action: z.string(), time: z.string() });
export type SpotAction = z.infer<typeof spotAction>;

const identityDocument = z.object({ instanceId: z.string(), pendingTime: z.string().optional() });

export class Imds {
  private token: { readonly text: string; readonly untilMs: number } | undefined;

  /** @param baseUrl of `AWS_EC2_METADATA_SERVICE_ENDPOINT`. @default IMDS_URL */
  constructor(private readonly baseUrl: string = IMDS_URL) {}

  /** The text below `/latest/`; undefined when there is none. @throws ImdsError when the service is not there */
  async text(path: string): Promise<string | undefined> {
    const answer = await this.ask('GET', path, { 'x-aws-ec2-metadata-token': await this.freshToken() });
    if (answer.status === 404) return undefined;
    // A token may end early, for one when the service was restarted.
    if (answer.status === 401) this.token = undefined;
    if (answer.status !== 200) throw new ImdsError(`instance metadata: ${path}: HTTP ${answer.status}`);
    return answer.body;
  }

  /** What is about to happen to a spot instance, told two minutes before; undefined when nothing is. */
  async spotAction(): Promise<SpotAction | undefined> {
    const text = await this.text('meta-data/spot/instance-action');
    return text === undefined ? undefined : parsed(spotAction, text, 'spot/instance-action');
  }

  /** Undefined where the service tells nothing of it, as emulators do. */
  async identity(): Promise<z.infer<typeof identityDocument> | undefined> {
    const text = await this.text('dynamic/instance-identity/document');
    return text === undefined ? undefined : parsed(identityDocument, text, 'instance-identity');
  }

  private async freshToken(): Promise<string> {
    if (this.token && this.token.untilMs > Date.now()) return this.token.text;
    const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) };
    const { status, body } = await this.ask('PUT', 'api/token', ttl);
    if (status !== 200) throw new ImdsError(`instance metadata: no token: HTTP ${status}`);
    // Asked for anew well before its end.
    this.token = { text: body, untilMs: Date.now() + (TOKEN_SECONDS / 2) * 1000 };
    return body;
  }

  private async ask(
    method: 'GET' | 'PUT',
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: string }> {
    try {
      const url = `${this.baseUrl.replace(/\/+$/, '')}/latest/${path}`;
      const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(TIME_LIMIT_MS) });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      throw new ImdsError(`instance metadata: ${this.baseUrl} does not answer: ${messageOf(error)}`);
    }
  }
}

/** @throws ImdsError */
export function parsed<T>(shape: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ImdsError(`instance metadata: ${what} is no JSON`);
  }
  const { data, error } = shape.safeParse(value);
  if (error) throw new ImdsError(`instance metadata: ${what}: ${error.issues[0]!.path.join('.')} is missing`);
  return data;
}
