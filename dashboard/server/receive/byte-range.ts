/** The `Range` header of a download (RFC 9110, section 14): one range of bytes. */
import type { ByteRange } from './artifact-store';

/** Undefined: the whole. Several ranges, and what is none, may be answered with the whole. Null: beyond the end. */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | null | undefined {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return undefined;
  if (from === '') {
    const last = Math.min(Number(to), bytes);
    return last === 0 ? null : { first: bytes - last, last: bytes - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return undefined;
  if (first >= bytes) return null;
  return { first, last: to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}
