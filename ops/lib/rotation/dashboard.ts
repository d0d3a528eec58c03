/** The dashboard's API, as an administrator's token may use it: the keys and tokens that it takes. */
import type { CreatedToken, NewToken, NewWebhookKey, Session, Token } from '../../../dashboard/api/access';
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
}

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
    await this.ask({ method: 'PUT', path: `api/webhook-keys/${environment}`, body: key });
  }

  async newToken(wanted: NewToken): Promise<CreatedToken> {
    return (await this.ask({ method: 'POST', path: 'api/tokens', body: wanted })) as CreatedToken;
  }

  /** Those that let somebody in. */
  async tokens(): Promise<readonly Token[]> {
    const now = this.context.now().toISOString();
    const all = (await this.ask({ method: 'GET', path: 'api/tokens' })) as readonly Token[];
    return all.filter(
      ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now),
    );
  }

  /** Fine when it was revoked before. */
  async revoke(id: string): Promise<void> {
    await this.ask({ method: 'DELETE', path: `api/tokens/${id}` }, [404]);
  }

  /** Of the token with that secret; undefined when it lets nobody in. */
  async nameOf(secret: string): Promise<string | undefined> {
    const session = await this.ask({ method: 'GET', path: 'api/session', token: secret }, [401]);
    return (session as Session | undefined)?.name ?? undefined;
  }

  /** Undefined when the answer has no body, or a status that is fine too. */
  private async ask(asked: Asked, fine: readonly number[] = []): Promise<unknown> {
    const { method, path, body, token = this.token } = asked;
    const fault = (why: string) => new CliError(`dashboard: ${method} ${path} at ${this.url}: ${why}`);
    let response: Response;
    let text: string;
    try {
      response = await this.context.fetch(new URL(path, `${this.url.replace(/\/$/, '')}/`), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
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
    if (fine.includes(response.status)) return undefined;
    if (!response.ok) throw fault(`HTTP ${response.status}${detailOf(text)}`);
    return text === '' ? undefined : JSON.parse(text);
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
