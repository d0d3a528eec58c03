/** User data as each cloud takes it. The same text gives the same bytes everywhere. */
import { gzipSync } from 'fflate';

/** EC2's limit for user data, in bytes, before base64. */
export const AWS_LIMIT_BYTES = 16 * 1024;
/** Lambda Cloud's limit. It takes plain text only, and hands it on as it is. */
export const LAMBDA_CLOUD_LIMIT_BYTES = 1_000_000;

/**
 * Gzipped and in base64; cloud-init unpacks it by its first bytes.
 * @throws Error when it is larger than EC2 takes
 */
export function encodeForAws(text: string): string {
  // Not zlib's: it writes the machine into the header, and its versions pack differently.
  const bytes = gzipSync(Buffer.from(text), { level: 9, mtime: 0 });
  return Buffer.from(within(bytes, AWS_LIMIT_BYTES, 'after gzip')).toString('base64');
}

/** @throws Error when it is larger than Lambda Cloud takes */
export const encodeForLambdaCloud = (text: string): string =>
  within(Buffer.from(text), LAMBDA_CLOUD_LIMIT_BYTES, 'of text').toString();

function within<T extends Uint8Array>(bytes: T, limit: number, what: string): T {
  if (bytes.length <= limit) return bytes;
  throw new Error(`user data: ${bytes.length} bytes ${what}; allowed: at most ${limit}`);
}
