/** A key pair of WireGuard: Curve25519 as WireGuard writes it (wg(8)), made on this host and kept in a file of its own. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../../errors';
import type { Redactor } from '../log/redactor';
import { Secret } from '../log/secret';

export interface TunnelKey {
  readonly privateKey: Secret;
  readonly publicKey: string;
}

/** The key in the file, made where there is none. @throws InputError when the file holds something else */
export function tunnelKeyIn(path: string, redactor: Redactor): TunnelKey {
  if (!existsSync(path)) writeKey(path, newPrivateKey());
  const base64 = readFileSync(path, 'utf8').trim();
  if (!isKey(base64)) throw new InputError(`tunnel: ${path} holds no private key`);
  return { privateKey: redactor.know(new Secret(base64)), publicKey: publicKeyOf(base64) };
}

/** Where the next key of an end waits until that end speaks under it. */
const nextOf = (path: string): string => `${path}.next`;

/** The key that comes after the one in the file, made where there is none: the peers must accept it before it is used. */
export const nextTunnelKey = (path: string, redactor: Redactor): TunnelKey =>
  tunnelKeyIn(nextOf(path), redactor);

export const hasNextKey = (path: string): boolean => existsSync(nextOf(path));

/** From now on the next key is the one in the file. */
export const adoptNextKey = (path: string): void => renameSync(nextOf(path), path);

/** 32 bytes in base64, which private and public keys are. */
export const isKey = (text: string): boolean => /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text);

export function newPrivateKey(): string {
  const { d } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  return Buffer.from(d!, 'base64url').toString('base64');
}

function writeKey(path: string, base64: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${base64}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** Of a raw X25519 private key: RFC 8410's PKCS #8 form is this prefix and the 32 bytes. */
export function publicKeyOf(privateKey: string): string {
  const prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
  const der = Buffer.concat([prefix, Buffer.from(privateKey, 'base64')]);
  const { x } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return Buffer.from(x!, 'base64url').toString('base64');
}
