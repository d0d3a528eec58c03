/** Takes every secret that the host knows out of a text: what other programs say may hold one. */
import type { Secret } from './secret';

const SHOWN = '[secret]';

/** Shorter values would be found in innocent words. */
const SHORTEST = 8;

export class Redactor {
  private readonly values = new Set<string>();
  private pattern: RegExp | undefined;

  /** Returns the secret, so that one cannot be read without being known here. */
  know(secret: Secret): Secret {
    for (const form of formsOf(secret.reveal())) if (form.length >= SHORTEST) this.values.add(form);
    // The longest first: one secret may be a part of another.
    const longestFirst = [...this.values].sort((a, b) => b.length - a.length);
    this.pattern = longestFirst.length > 0 ? new RegExp(longestFirst.map(escaped).join('|'), 'g') : undefined;
    return secret;
  }

  redact(text: string): string {
    return this.pattern ? text.replace(this.pattern, SHOWN) : text;
  }
}

/** How a value may stand in a text: as it is, in JSON, in a URL, in base64, and each of its lines. */
function formsOf(value: string): string[] {
  const key = value.replace(/^whsec_/, '');
  const lines = value.split('\n').filter((line) => !line.startsWith('-----'));
  return [
    ...[value, key, ...lines].map((form) => form.trim()),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ];
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
