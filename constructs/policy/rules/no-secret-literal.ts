import { gunzipSync } from 'node:zlib';
import type { RestFinding, Rule } from '../rule';

/**
 * The one secret that may stand in user data, by its name in `host.json`, however often that is quoted: a host on Lambda
 * Cloud has no identity to log in with. It is good for one use, for as long as a boot takes; a second use is an alarm.
 */
const NOT_WRAPPED = '(?<!"wrappedSecretId\\\\*":\\\\*")';

/** Forms that only secrets have. */
const FORMS: readonly (readonly [string, RegExp])[] = [
  ['an AWS access key id', /\b(AKIA|ASIA)[A-Z2-7]{16}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a Vault token', new RegExp(`${NOT_WRAPPED}\\bhv[sbr]\\.[A-Za-z0-9_-]{20,}`)],
  ['a GitHub token', /\b(gh[posur]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/],
  ['a Tailscale key', /\btskey-[a-z]+-[A-Za-z0-9-]{10,}/],
  ['a Slack webhook', /hooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]+/],
  ['a JSON Web Token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ['a WireGuard private key', /PrivateKey\s*=\s*[A-Za-z0-9+/]{43}=/],
];

/** Names whose value is a secret; what merely names, finds or describes one is let through. */
const SECRET_NAME = /(^|_)(password|passwd|secret|token|api_?key|private_?key|secret_?string|access_?key)$/i;

export const noSecretLiteral: Rule = {
  id: 'no-secret-literal',
  cause: 'what stands in the synthesized JSON stands in the plan, the state and the log as well',
  remedy:
    'keep it in the secrets source and let the host read it there, or use a write-only argument fed by a variable',
  check({ attributes }) {
    return secretsIn(attributes, '')[0]?.finding;
  },
  checkRest({ rest }) {
    return secretsIn(rest, '');
  },
};

function secretsIn(value: unknown, at: string): RestFinding[] {
  if (typeof value === 'string') return secretIn(value, at);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, at ? `${at}.${key}` : key));
}

function secretIn(text: string, at: string): RestFinding[] {
  const name = at.split('.').findLast((part) => !/^\d+$/.test(part)) ?? '';
  if (SECRET_NAME.test(name) && text !== '' && !text.includes('${'))
    return [describe(at, `a literal ${name}`, text)];
  for (const readable of [text, ...decoded(text)]) {
    for (const [what, form] of FORMS) {
      const [found] = form.exec(readable) ?? [];
      if (found) return [describe(at, what, found)];
    }
  }
  return [];
}

/** Never the secret itself: this line ends up in logs. */
const describe = (at: string, what: string, secret: string): RestFinding => ({
  at,
  finding: `${at} holds ${what} (${secret.slice(0, 4)}…)`,
});

/** What base64, and gzip under it, hide: user data is both, and files written by it may be again. */
function decoded(text: string, depth = 2): string[] {
  if (depth === 0) return [];
  const parts = text.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? [];
  return parts.flatMap((part) => {
    const plain = unzipped(Buffer.from(part, 'base64')).toString('latin1');
    return [plain, ...decoded(plain, depth - 1)];
  });
}

function unzipped(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}
