import { createHash, createHmac } from 'node:crypto';
import { scramVerifier } from './scram';

/** RFC 7677, section 3: what client and server say to each other when the user is `user` and the password `pencil`. */
const NONCE = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const SALT = 'W22ZaJ0SNY7soEsUEjb6gQ==';
const SAID = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${NONCE},s=${SALT},i=4096,c=biws,r=${NONCE}`;
const PROOF = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
const SERVER_SIGNATURE = '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

test('the verifier proves the exchange of RFC 7677, to either side', () => {
  const verifier = scramVerifier('pencil', Buffer.from(SALT, 'base64'), 4096);
  const [, salt, stored, server] = /^SCRAM-SHA-256\$4096:(.+)\$(.+):(.+)$/.exec(verifier)!;
  expect(salt).toBe(SALT);
  const hmac = (key: string) => createHmac('sha256', Buffer.from(key, 'base64')).update(SAID).digest();
  expect(hmac(server!).toString('base64')).toBe(SERVER_SIGNATURE);
  const signature = hmac(stored!);
  const clientKey = Buffer.from(PROOF, 'base64').map((byte, i) => byte ^ signature[i]!);
  expect(createHash('sha256').update(clientKey).digest('base64')).toBe(stored);
});

test('no two of one password are alike', () => {
  expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
});
