/** Whether the run's own key has signed an event. */
import { signature as signatureSchema } from '@he300/benchmark/contract';
import { hasSigned } from '@he300/benchmark/signing';

/**
 * @param publicKey raw Ed25519, base64
 * @param signature base64, in the one way of writing it: another spelling of it is another signature
 */
export function isSignedBy(publicKey: string, body: Buffer, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  if (!signatureSchema.safeParse(signature).success || bytes.toString('base64') !== signature) return false;
  return hasSigned(publicKey, body, bytes);
}
