/** Tells somebody that a host is not well. `text` is what the incoming webhooks of chat programs show. */
import { hostname } from 'node:os';
import { messageOf } from '../log/host-log';
import type { Health } from './look';

const TIME_LIMIT_MS = 10_000;

/** Why it did not arrive; undefined when it did. */
export async function alert(url: string, environment: string, health: Health): Promise<string | undefined> {
  // What refuses to send to such a one shows it whole.
  const { username, password } = URL.canParse(url) ? new URL(url) : { username: url, password: '' };
  if (username || password) return 'its URL is none, or holds a user name or a password';
  const wrong = health.findings.filter(({ status }) => status === 'fail');
  const what = wrong.map(({ check, message }) => `${check}: ${message}`).join('; ');
  const text = `HE-300 host ${hostname()} (${environment}): ${what}`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text, environment, host: hostname(), ...health }),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    return response.ok ? undefined : `HTTP ${response.status}`;
  } catch (error) {
    return messageOf(error);
  }
}
