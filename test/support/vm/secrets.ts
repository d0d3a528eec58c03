/** Secrets that a test makes up, and looks for wherever they must not be. */
import { randomBytes } from 'node:crypto';

export interface Canaries {
  /** `whsec_` and base64, as Standard Webhooks writes it. */
  readonly webhookKey: string;
  readonly dashboardToken: string;
  readonly modelApiKey: string;
  /** Each as it is, and as base64 would hide it. */
  readonly all: readonly string[];
  /** Those that stand in the text. */
  foundIn(text: string): string[];
}

export function canaries(): Canaries {
  const key = randomBytes(32).toString('base64');
  const [dashboardToken, modelApiKey] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
  const all = [key, dashboardToken, modelApiKey].flatMap((secret) => [secret, ...inBase64(secret)]);
  const foundIn = (text: string): string[] => all.filter((secret) => text.includes(secret));
  return { webhookKey: `whsec_${key}`, dashboardToken, modelApiKey, all, foundIn };
}

/** Base64 of a text that has this somewhere in it contains one of these, whatever stands before. */
const inBase64 = (secret: string): string[] =>
  [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(' '.repeat(offset) + secret).toString('base64');
    return encoded.slice(offset === 0 ? 0 : offset + 1, Math.floor((offset + secret.length) / 3) * 4);
  });
