/** The run's own Ed25519 key (RFC 8032): made with the run, and never seen outside its directory. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { SignedResults } from '../contract/results';
import type { RunDirectory } from './directory';

/** The key in the directory, made where there is none. */
export function runKey(directory: RunDirectory): KeyObject {
  if (!directory.has('key')) {
    const { privateKey } = generateKeyPairSync('ed25519');
    directory.write('key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
  }
  return createPrivateKey(directory.read('key'));
}

/** Raw bytes, base64. */
export function publicKeyOf(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x!, 'base64url').toString('base64');
}

export const signResults = (results: string, key: KeyObject): SignedResults => ({
  results,
  publicKey: publicKeyOf(key),
  signature: sign(null, Buffer.from(results), key).toString('base64'),
});

export const signatureHolds = ({ results, publicKey, signature }: SignedResults): boolean =>
  hasSigned(publicKey, Buffer.from(results), Buffer.from(signature, 'base64'));

/** @param publicKey raw bytes, base64 */
export function hasSigned(publicKey: string, bytes: Buffer, signature: Buffer): boolean {
  const x = Buffer.from(publicKey, 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, bytes, key, signature);
}
