/** Bytes that go by, held against what was said of them. */
import { createHash } from 'node:crypto';

export class WrongDigest extends Error {}
export class TooLarge extends Error {}

export interface Expected {
  /** Hex. */
  readonly sha256: string;
  readonly mostBytes: number;
  /** Told at the end, when all holds. @default - nobody asks */
  readonly onBytes?: (bytes: number) => void;
}

/** @throws TooLarge with the first piece over the limit; WrongDigest at the end */
export async function* checked(
  source: AsyncIterable<Uint8Array>,
  { sha256, mostBytes, onBytes }: Expected,
): AsyncIterable<Uint8Array> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new TooLarge(`more than ${mostBytes} bytes`);
    digest.update(piece);
    yield piece;
  }
  const seen = digest.digest('hex');
  if (seen !== sha256) throw new WrongDigest(`the bytes have SHA-256 ${seen}, not ${sha256}`);
  onBytes?.(bytes);
}
