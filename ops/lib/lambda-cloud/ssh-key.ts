/** The key that a launch must name, on hosts that nobody logs in to. */
import { generateKeyPairSync } from 'node:crypto';
import { LambdaCloudError } from '../../../constructs/lifetime/reaper/clouds/lambda-cloud-client';
import type { LambdaCloudApi } from './api';

const ALGORITHM = 'ssh-ed25519';

/** Registers, once, the public half of a key whose private half was never kept. @returns its name */
export async function nobodysKey(api: LambdaCloudApi, prefix: string): Promise<string> {
  const name = `${prefix}-nobody`;
  if ((await api.sshKeys()).includes(name)) return name;
  try {
    await api.addSshKey(name, freshPublicKey());
  } catch (error) {
    // Another launcher may have been faster.
    if (!(error instanceof LambdaCloudError) || !(await api.sshKeys()).includes(name)) throw error;
  }
  return name;
}

/** In the form of RFC 4253, section 6.6, and RFC 8709: length and algorithm, length and key. */
function freshPublicKey(): string {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const parts = [Buffer.from(ALGORITHM), Buffer.from(x!, 'base64url')].flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return `${ALGORITHM} ${Buffer.concat(parts).toString('base64')} nobody`;
}
