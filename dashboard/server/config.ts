/** Settings of the server: variables of the environment, each with a default that lets `npm run dashboard` just start. */
import { join } from 'node:path';
import * as z from 'zod';
import { environmentName, newWebhookKey } from '../api/access';
import { InputError } from './errors';

const days = (usual: number) => z.coerce.number().int().min(1).max(36_500).default(usual);
/** Whether only this machine reaches what listens there. */
export const isLoopback = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host);

const variables = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8300)
    .describe('Port to listen on; 0: the system chooses. Default: 8300.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on. Default: 127.0.0.1.'),
  HE300_DATA_DIR: z
    .string()
    .min(1)
    .default('data')
    .describe('Directory of the SQLite file and of the files of runs. Default: data.'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'postgres://…' })
    .optional()
    .describe('postgres://… in place of SQLite.'),
  HE300_PUBLIC_READ: z
    .enum(['true', 'false'])
    .optional()
    .describe(
      'Whether everybody may read. Default: true where only this machine can connect and no proxy hands on, else false.',
    ),
  HE300_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address in the browser; with https, cookies are sent over https only.'),
  HE300_ARTIFACTS: z
    .string()
    .regex(/^(directory|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w!.*'()/-]*)?)$/, {
      error: 'directory or s3://BUCKET/PREFIX',
    })
    .default('directory')
    .describe('Where the files of runs are kept: directory or s3://BUCKET/PREFIX. Default: directory.'),
  HE300_RAW_RETENTION_DAYS: days(30).describe(
    'How long answers, files and deliveries are kept. Default: 30.',
  ),
  HE300_AUDIT_RETENTION_DAYS: days(2557).describe('How long the audit log is kept. Default: 2557, 7 years.'),
  HE300_WEBHOOK_KEYS: z
    .string()
    .default('')
    .describe(
      'ENVIRONMENT=whsec_… with commas between; put into the store at start, for environments that have none.',
    ),
  HE300_TRUST_PROXY: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('How many proxies stand before this server and add to X-Forwarded-For. Default: 0.'),
  HE300_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe(
      'Of one token or address; 0: no limit. Default: 0 where only this machine can connect and no proxy hands on, else 1200.',
    ),
  AWS_ENDPOINT_URL: z.url().optional().describe('In place of AWS; buckets are addressed by path then.'),
});

/** Name and meaning of each variable, for people. */
export const SETTINGS: readonly (readonly [name: string, meaning: string])[] = Object.entries(
  variables.shape,
).map(([name, schema]) => [name, schema.description ?? '']);

export interface ServerConfig {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly publicRead: boolean;
  /** Without a slash at its end. */
  readonly publicUrl: string | undefined;
  readonly artifacts: ArtifactPlace;
  readonly rawRetentionDays: number;
  readonly auditRetentionDays: number;
  readonly webhookKeys: readonly { readonly environment: string; readonly key: string }[];
  readonly trustedProxies: number;
  /** 0: no limit. */
  readonly requestsPerMinute: number;
}

export type ArtifactPlace =
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** Empty, or with a slash at its end. */
      readonly prefix: string;
      readonly endpoint: string | undefined;
    };

/** Name of the SQLite file in the data directory. */
export const SQLITE_FILE = 'dashboard.sqlite';

export const sqlitePath = ({ dataDir }: Pick<ServerConfig, 'dataDir'>): string => join(dataDir, SQLITE_FILE);

/** @throws InputError that names the first variable that is wrong */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ServerConfig {
  // An empty variable is how a unit file or a container says "not set".
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const { success, data: read, error } = variables.safeParse(given);
  if (!success) {
    const { path, message } = error.issues[0]!;
    const name = String(path[0]);
    throw new InputError(`${name} is wrong: '${given[name]}'; allowed: ${message}`);
  }
  const behindProxy = read.HE300_PUBLIC_URL !== undefined || read.HE300_TRUST_PROXY > 0;
  const local = isLoopback(read.HOST) && !behindProxy;
  return {
    port: read.PORT,
    host: read.HOST,
    dataDir: read.HE300_DATA_DIR,
    databaseUrl: read.DATABASE_URL,
    publicRead: read.HE300_PUBLIC_READ === undefined ? local : read.HE300_PUBLIC_READ === 'true',
    publicUrl: read.HE300_PUBLIC_URL?.replace(/\/+$/, ''),
    artifacts: artifactPlace(read.HE300_ARTIFACTS, read.HE300_DATA_DIR, read.AWS_ENDPOINT_URL),
    rawRetentionDays: read.HE300_RAW_RETENTION_DAYS,
    auditRetentionDays: read.HE300_AUDIT_RETENTION_DAYS,
    webhookKeys: read.HE300_WEBHOOK_KEYS.split(',').filter(Boolean).map(webhookKeyOf),
    trustedProxies: read.HE300_TRUST_PROXY,
    requestsPerMinute: read.HE300_REQUESTS_PER_MINUTE ?? (local ? 0 : 1200),
  };
}

function artifactPlace(place: string, dataDir: string, endpoint: string | undefined): ArtifactPlace {
  if (place === 'directory') return { kind: 'directory', path: join(dataDir, 'artifacts') };
  const [bucket = '', ...folders] = place.slice('s3://'.length).split('/');
  const prefix = folders.filter(Boolean).map((folder) => `${folder}/`);
  return { kind: 's3', bucket, prefix: prefix.join(''), endpoint };
}

function webhookKeyOf(pair: string): { environment: string; key: string } {
  const at = pair.indexOf('=');
  const environment = pair.slice(0, Math.max(at, 0)).trim();
  const key = pair.slice(at + 1).trim();
  // Neither the value nor a part of it: this line ends up in logs.
  if (!environmentName.safeParse(environment).success || !newWebhookKey.shape.key.safeParse(key).success)
    throw new InputError(
      'HE300_WEBHOOK_KEYS is wrong; allowed: ENVIRONMENT=whsec_BASE64 with commas between',
    );
  return { environment, key };
}
