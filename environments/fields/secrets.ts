/** Where secrets are kept: SSM parameters, or a Vault and what its stack puts into it. */
import { z } from 'zod';
import { certificates, cidrV4, httpsUrl } from './primitives';
import { vaultServer } from './vault-server';

const path = z.string().regex(/^[a-z0-9][a-z0-9/_-]{0,62}$/, { error: 'a mount path without leading slash' });

const database = z
  .strictObject({
    host: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, { error: 'a host name or an address' })
      .describe('Host of the Postgres server, as Vault reaches it.'),
    port: z.int().min(1).max(65_535).describe('Its port.'),
    name: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: 'lower-case letters, digits and _, at most 63' })
      .describe('Database that the short-lived users work in.'),
    adminUsername: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: 'lower-case letters, digits and _, at most 63' })
      .describe(
        'User as which Vault makes and drops the others. Its password comes from `TF_VAR_postgres_admin_password`, write-only.',
      ),
    adminPasswordVersion: z
      .int()
      .min(1)
      .optional()
      .describe('Counted up for a deploy that gives Vault another password of that user; absent: 1.'),
    ownerRole: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: 'lower-case letters, digits and _, at most 63' })
      .describe('Role that owns the tables; every short-lived user acts as it.'),
    tls: z
      .enum(['verify-full', 'require', 'disable'])
      .describe(
        'How the connection is secured: `sslmode` of Postgres. `disable` on a loopback address only.',
      ),
    caCertificates: certificates
      .optional()
      .describe(
        'Of the authority that signed the certificate of the server, in PEM, such as the bundle of a region of RDS; absent: one that Vault knows anyway.',
      ),
  })
  .describe('Postgres that Vault makes short-lived users in.');

const kubernetes = z
  .strictObject({
    host: httpsUrl.describe('Address of the API server, as Vault reaches it.'),
    caCertificates: certificates
      .optional()
      .describe('Of the authority that signed its own, in PEM; absent: one that the server knows anyway.'),
    audience: z.string().min(1).max(255).describe('Audience of the service accounts’ tokens.'),
    serviceAccount: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'the name of a service account' })
      .describe('Service account of the dashboard.'),
    namespace: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'the name of a namespace' })
      .describe('Its namespace.'),
  })
  .describe('Kubernetes cluster that the dashboard runs in.');

const vault = z
  .strictObject({
    kind: z.literal('vault'),
    address: httpsUrl.describe('Address of the Vault server.'),
    namespace: path
      .optional()
      .describe(
        'Namespace of Vault Enterprise or HCP, such as `admin`; absent: none, as in the community edition.',
      ),
    mount: path.describe('Mount of the KV v2 engine.'),
    shared: z
      .enum(['create', 'existing'])
      .describe(
        "Whether this environment's stack makes what the environments of a Vault share (the auth methods, the database engine, the audit device) or finds it made: one environment of a Vault creates.",
      ),
    database: database.optional().describe('Postgres of the dashboard; absent: Vault makes no users in it.'),
    kubernetes: kubernetes
      .optional()
      .describe('Lets a dashboard in Kubernetes log in; absent: there is no such method.'),
    lambdaCidrs: z
      .array(cidrV4)
      .max(10, { error: 'at most 10 CIDRs' })
      .optional()
      .describe(
        'Whence hosts on Lambda Cloud may log in; absent: from anywhere, with a secret id that is good once.',
      ),
    server: vaultServer.optional().describe('Absent: somebody else runs the Vault at `address`.'),
  })
  .describe('HashiCorp Vault: by AWS IAM login on AWS, by a wrapped AppRole secret id on Lambda Cloud.');

export const secrets = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('ssm') })
    .describe('SecureString parameters, read through the instance role.'),
  vault,
]);
export type VaultSecrets = z.infer<typeof vault>;
export type VaultServer = z.infer<typeof vaultServer>;
