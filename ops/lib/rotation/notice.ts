/** Tells somebody what was rotated and what was not. `text` is what the incoming webhooks of chat programs show. */
import { messageOf } from '../../../benchmark/src/host/log/host-log';
import { CliError } from '../cli';
import type { Variables } from '../vault-login';
import type { Report } from './rotate-all';

/** As the hosts' own alerts: whoever has the URL may post there, so that it is shown nowhere. */
export const ALERT_URL = 'HE300_ALERT_URL';

const TIME_LIMIT_MS = 10_000;

/** Undefined where nobody wants to hear. @throws CliError that does not show it */
export function alertUrlIn({ [ALERT_URL]: text }: Variables): URL | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fault =
    url === undefined || !/^https?:$/.test(url.protocol)
      ? 'is no URL of HTTP'
      : // What refuses to send to such a one shows it whole.
        url.username || url.password
        ? 'holds a user name or a password'
        : undefined;
  if (fault === undefined) return url;
  throw new CliError(`${ALERT_URL} ${fault}; allowed: https://…, with what is secret in its path`);
}

export interface Notice {
  readonly text: string;
  readonly environment: string;
  readonly rotated: readonly string[];
  /** Those that a person is needed for. */
  readonly due: readonly string[];
  readonly failed: readonly { readonly what: string; readonly error: string }[];
}

/** Undefined when nothing happened that anybody need know. */
export function noticeOf(environment: string, reports: readonly Report[]): Notice | undefined {
  const rotated = reports.filter(({ did }) => did === 'rotated').map(({ what }) => what);
  const told = reports.flatMap((report) => (report.did === 'told' ? [report] : []));
  const failed = reports.flatMap((report) =>
    report.did === 'failed' ? [{ what: report.what, error: report.error }] : [],
  );
  const parts = [
    ...(rotated.length > 0 ? [`rotated ${rotated.join(', ')}`] : []),
    ...told.map(({ what, needs }) => `a person is needed for ${what}: ${needs}`),
    ...failed.map(({ what, error }) => `${what} failed: ${error}`),
  ];
  if (parts.length === 0) return undefined;
  const text = `HE-300 secrets (${environment}): ${parts.join('; ')}`;
  return { text, environment, rotated, due: told.map(({ what }) => what), failed };
}

/** Why it did not arrive; undefined when it did. */
export async function sendNotice(url: URL, notice: Notice): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(notice),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    return response.ok ? undefined : `HTTP ${response.status}`;
  } catch (error) {
    return messageOf(error);
  }
}
