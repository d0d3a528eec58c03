/** `Retry-After`, RFC 9110, section 10.2.3: seconds or a date. Some model servers send fractions of a second. */

/** A server that wants to be left alone for longer is taken at this word. */
const MOST_MS = 60_000;

/** Milliseconds from `nowMs`; undefined when there is no such header, or it cannot be read. */
export function retryAfterMs(
  header: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  const value = typeof header === 'string' ? header.trim() : header?.[0]?.trim();
  if (!value) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MOST_MS);
}
