import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { TerraformOutput } from 'cdktf';
import { addResources, describeRule, synthesizeUnder } from '../../../test/support/synth';
import type { SynthesizedResource, SynthesizedStack } from '../rule';
import { noSecretLiteral } from './no-secret-literal';

// Written in two parts, so that no scanner of this repository takes them for real ones.
const AWS_KEY = `AKIA${'IOSFODNN7EXAMPLE'}`;
const VAULT = `hvs.${'CAESIJ0123456789abcdefgh'}`;
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

describeRule(noSecretLiteral, {
  violations: [
    [
      'an access key in the open',
      [['aws_sns_topic', { name: AWS_KEY }]],
      'name holds an AWS access key id (AKIA…)',
    ],
    [
      'a password',
      [['aws_db_instance', { password: 'correct horse' }]],
      'password holds a literal password (corr…)',
    ],
    [
      'a token deep inside',
      [['aws_lambda_function', { environment: [{ variables: { VAULT_TOKEN: 'x-y-z' } }] }]],
      'environment.0.variables.VAULT_TOKEN holds a literal VAULT_TOKEN (x-y-…)',
    ],
    [
      'gzipped user data',
      [['aws_instance', { user_data_base64: base64(gzipSync(`token: ${VAULT}`)) }]],
      'user_data_base64 holds a Vault token (hvs.…)',
    ],
    [
      'a file that gzipped user data writes',
      [
        [
          'aws_instance',
          { user_data_base64: base64(gzipSync(JSON.stringify({ content: base64(`key = ${AWS_KEY}`) }))) },
        ],
      ],
      'user_data_base64 holds an AWS access key id (AKIA…)',
    ],
    [
      'a key of WireGuard',
      [['aws_instance', { user_data: `[Interface]\nPrivateKey = ${'a'.repeat(43)}=\n` }]],
      'user_data holds a WireGuard private key (Priv…)',
    ],
  ],
  compliant: [
    ['a secret that Terraform is given', [['aws_db_instance', { password: '${var.password}' }]]],
    ['the name of a secret', [['aws_instance', { tags: { secret_parameter: '/he300/dev/host/token' } }]]],
    ['no password', [['aws_db_instance', { password: '' }]]],
    [
      'hashes, ids and addresses',
      [
        [
          'aws_s3_object',
          {
            key: `bundles/${createHash('sha256').update('x').digest('hex')}/he300.mjs`,
            source_hash: createHash('sha256').update('y').digest('base64'),
            kms_key_id: 'arn:aws:kms:us-east-1:123456789012:key/0d1f3e5a-7b9c-4d2e-8f60-123456789abc',
          },
        ],
      ],
    ],
    ['a public key', [['aws_instance', { user_data: `PublicKey = ${'a'.repeat(43)}=` }]]],
  ],
});

test('an output is looked at as well', () => {
  expect(() =>
    synthesizeUnder([noSecretLiteral], (stack) => void new TerraformOutput(stack, 'key', { value: AWS_KEY })),
  ).toThrow('stack/key: no-secret-literal: output.key.value holds an AWS access key id (AKIA…)');
  expect(() => synthesizeUnder([], (stack) => addResources(stack, []))).not.toThrow();
});

const chars = (alphabet: string, minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const WORD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const anySecret = fc.oneof(
  chars(UPPER, 16).map((s) => `AKIA${s}`),
  chars(UPPER, 16).map((s) => `ASIA${s}`),
  chars(WORD, 24, 60).map((s) => `hvs.${s}`),
  chars(WORD, 24, 60).map((s) => `hvb.${s}`),
  chars(WORD, 36).map((s) => `ghp_${s}`),
  chars(WORD, 40, 80).map((s) => `github_pat_${s}`),
  chars(WORD, 20).map((s) => `tskey-auth-${s}`),
  fc.tuple(chars(WORD, 12), chars(WORD, 12), chars(WORD, 20)).map(([a, b, c]) => `eyJ${a}.eyJ${b}.${c}`),
  fc.constantFrom('RSA ', 'EC ', 'OPENSSH ', '').map((kind) => `-----BEGIN ${kind}PRIVATE KEY-----`),
);

/** Ways that a secret gets into user data. */
const anyWrapping = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => `#cloud-config\n{"content": "key ${text} "}\n`,
  (text) => base64(`value=${text}\n`),
  (text) => base64(gzipSync(`value=${text}\n`)),
  (text) => base64(gzipSync(JSON.stringify({ content: base64(`value ${text} `) }))),
  (text) => base64(JSON.stringify({ content: base64(gzipSync(`value ${text} `)) })),
);

const findingIn = (attributes: Record<string, unknown>): string | undefined =>
  noSecretLiteral.check({ attributes } as unknown as SynthesizedResource, {} as SynthesizedStack);

test('a secret of any known form is found however deep it stands and however it is packed, and is not repeated', () => {
  fc.assert(
    fc.property(
      anySecret,
      anyWrapping,
      fc.array(fc.constantFrom('a', 'content', 'list'), { minLength: 1, maxLength: 5 }),
      (secret, wrap, path) => {
        const attributes = path.reduceRight<unknown>(
          (inner, key) => (key === 'list' ? { list: ['x', inner] } : { [key]: inner }),
          wrap(secret),
        ) as Record<string, unknown>;
        const finding = findingIn(attributes);
        expect(finding).toBeDefined();
        expect(finding).not.toContain(secret.slice(0, 12));
      },
    ),
    { numRuns: 500 },
  );
});

test('random bytes, as hashes and certificates are, are taken for no secret', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 400 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      expect(
        findingIn({
          hash: buffer.toString('hex'),
          body: buffer.toString('base64'),
          zip: base64(gzipSync(buffer)),
        }),
      ).toBeUndefined();
    }),
  );
});
