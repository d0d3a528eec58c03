/** The dashboard's API, as an administrator's token may use it: the keys and tokens that it takes. */
import { z } from 'zod';
import {
  createdToken,
  session,
  token,
  type CreatedToken,
  type NewToken,
  type NewWebhookKey,
  type Token,
} from '../../../dashboard/api/access';
import { messageOf } from '../../../benchmark/src/host/log/host-log';
import { CliError } from '../cli';
import { variableOf, type Context } from './kind';

/** Of an administrator, made in the dashboard. */
export const DASHBOARD_TOKEN = 'HE300_DASHBOARD_TOKEN';
/** Where the dashboard is reached from here, when that is not `dashboard.url` of the environment. */
export const DASHBOARD_URL = 'HE300_DASHBOARD_URL';

const TIME_LIMIT_MS = 30_000;

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** @default - the administrator's */
  readonly token?: string;
  /** Statuses that are fine, and have nothing to say. @default - none */
  readonly fine?: readonly number[];
}

/** What a newer dashboard adds is none of our business. */
const [CREATED, TOKENS, SESSION] = [createdToken.loose(), z.array(token.loose()), session.loose()];

export class Dashboard {
  private readonly url: string;
  private readonly token: string;

  /** @throws CliError when it is not known where the dashboard is, or as whom it is asked */
  constructor(private readonly context: Context) {
    const { env, variables } = context;
    const url = variables[DASHBOARD_URL] || env.dashboard.url;
    if (!url)
      throw new CliError(
        `environments/${env.name}.ts: dashboard.url is not set; allowed: a dashboard, or ${DASHBOARD_URL}`,
      );
    this.url = url;
    this.token = variableOf(context, DASHBOARD_TOKEN);
  }

  async setWebhookKey(environment: string, key: NewWebhookKey): Promise<void> {
    await this.ask({ method: 'PUT', path: `api/webhook-keys/${environment}`, body: key }, z.undefined());
  }

  async newToken(wanted: NewToken): Promise<CreatedToken> {
    return this.ask({ method: 'POST', path: 'api/tokens', body: wanted }, CREATED);
  }

  /** Those that let somebody in. */
  async tokens(): Promise<readonly Token[]> {
    const now = this.context.now().toISOString();
    const all = await this.ask({ method: 'GET', path: 'api/tokens' }, TOKENS);
    return all.filter(
      ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now),
    );
  }

  /** Fine when it was revoked before. */
  async revoke(id: string): Promise<void> {
    await this.ask({ method: 'DELETE', path: `api/tokens/${id}`, fine: [404] }, z.undefined());
  }

  /** Of the token with that secret; undefined when it lets nobody in. */
  async nameOf(secret: string): Promise<string | undefined> {
    const asked = { method: 'GET', path: 'api/session', token: secret, fine: [401] } as const;
    return (await this.ask(asked, SESSION.optional()))?.name ?? undefined;
  }

  /** @param answer the body of what the dashboard says; undefined where it has none, or a status that is fine too */
  private async ask<T>(asked: Asked, answer: z.ZodType<T>): Promise<T> {
    const { method, path, body, token: bearer = this.token, fine = [] } = asked;
    const fault = (why: string) => new CliError(`dashboard: ${method} ${path} at ${this.url}: ${why}`);
    let response: Response;
    let text: string;
    try {
      response = await this.context.fetch(new URL(path, `${this.url.replace(/\/$/, '')}/`), {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIME_LIMIT_MS),
      });
      text = await response.text();
    } catch (error) {
      throw fault(messageOf(error));
    }
    if (!response.ok && !fine.includes(response.status))
      throw fault(`HTTP ${response.status}${detailOf(text)}`);
    const read = answer.safeParse(response.ok ? jsonOf(text) : undefined);
    if (read.success) return read.data;
    throw fault(
      `HTTP ${response.status}, and no answer of a dashboard; allowed: its own address, with nobody before it who answers`,
    );
  }
}

/** Undefined when there is nothing; what is no JSON is left as it is. */
function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a problem document (RFC 9457) says of itself. It never holds what was sent. */
function detailOf(text: string): string {
  try {
    const { detail, title } = JSON.parse(text) as { readonly detail?: string; readonly title?: string };
    return detail || title ? `, ${detail ?? title}` : '';
  } catch {
    return '';
  }
}
