/**
 * What was asked of the emulator while something ran, as IAM actions: so that a role's policy can be held against what
 * Terraform really calls. Where an action is not named like the operation, the pairing is the one of AWS's service
 * authorization reference.
 */
import type { Emulator } from '../../ops/lib/emulator';

interface Entry {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly body_encoded: boolean;
}

/** The distinct IAM actions that `work` needed, sorted. The emulator must be one of `withEmulator`. */
export async function actionsOf(
  emulator: Pick<Emulator, 'endpoint'>,
  work: () => Promise<void>,
): Promise<readonly string[]> {
  const recorder = (what: string, method: 'GET' | 'POST') =>
    fetch(`${emulator.endpoint}/moto-api/recorder/${what}`, { method });
  await recorder('reset-recording', 'POST');
  await recorder('start-recording', 'POST');
  await work();
  await recorder('stop-recording', 'POST');
  const entries = entriesOf(await (await recorder('download-recording', 'GET')).text());
  return [...new Set(entries.flatMap((entry) => actionOf(entry) ?? []))].sort();
}

/**
 * The emulator's threads append without a lock, the newline in a second write: two entries may share a line, and a
 * blank one follow. Outside a JSON string `}{` occurs only there, and within one the quote would be escaped.
 */
export const entriesOf = (recording: string): readonly Entry[] =>
  recording
    .split(/\n|(?<=\})(?=\{"headers": )/)
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entry);

/** Undefined for calls that need no permission. */
function actionOf(entry: Entry): string | undefined {
  const service = /\/([a-z0-9-]+)\/aws4_request/.exec(entry.headers.Authorization ?? '')?.[1];
  const operation =
    entry.headers['X-Amz-Target']?.split('.').at(-1) ?? new URLSearchParams(bodyOf(entry)).get('Action');
  if (service === 'sts' && operation === 'GetCallerIdentity') return undefined;
  if (operation) return `${service}:${operation}`;
  if (service === 's3') return `s3:${s3Action(entry)}`;
  const { pathname } = new URL(entry.url);
  const rest = REST.find(
    ([s, method, path]) => s === service && method === entry.method && path.test(pathname),
  );
  if (!rest)
    throw new Error(`no IAM action is known for ${service} ${entry.method} ${pathname}; add it to REST`);
  return `${service}:${rest[3]}`;
}

const bodyOf = ({ body, body_encoded }: Entry): string =>
  body_encoded ? Buffer.from(body, 'base64').toString() : body;

const REST: readonly (readonly [service: string, method: string, path: RegExp, action: string])[] = [
  ['scheduler', 'GET', /^\/schedules\//, 'GetSchedule'],
  ['scheduler', 'POST', /^\/schedules\//, 'CreateSchedule'],
  ['scheduler', 'PUT', /^\/schedules\//, 'UpdateSchedule'],
  ['scheduler', 'DELETE', /^\/schedules\//, 'DeleteSchedule'],
  ['scheduler', 'GET', /^\/schedule-groups\//, 'GetScheduleGroup'],
  ['scheduler', 'GET', /^\/tags\//, 'ListTagsForResource'],
  ['lambda', 'GET', /\/functions\/[^/]+$/, 'GetFunction'],
  ['lambda', 'GET', /\/versions$/, 'ListVersionsByFunction'],
  ['lambda', 'GET', /\/code-signing-config$/, 'GetFunctionCodeSigningConfig'],
];

/** Sub-resources of a bucket whose action is not `GetBucket` and their name. */
const BUCKET_READS: Readonly<Record<string, string>> = {
  accelerate: 'GetAccelerateConfiguration',
  acl: 'GetBucketAcl',
  cors: 'GetBucketCORS',
  encryption: 'GetEncryptionConfiguration',
  lifecycle: 'GetLifecycleConfiguration',
  logging: 'GetBucketLogging',
  'object-lock': 'GetBucketObjectLockConfiguration',
  ownershipControls: 'GetBucketOwnershipControls',
  policy: 'GetBucketPolicy',
  publicAccessBlock: 'GetBucketPublicAccessBlock',
  replication: 'GetReplicationConfiguration',
  requestPayment: 'GetBucketRequestPayment',
  tagging: 'GetBucketTagging',
  versioning: 'GetBucketVersioning',
  versions: 'ListBucketVersions',
  website: 'GetBucketWebsite',
};

function s3Action({ method, url }: Entry): string {
  const { pathname, searchParams } = new URL(url);
  const [, , key] = /^\/([^/]+)\/?(.*)$/.exec(pathname) ?? [];
  const sub = Object.keys(BUCKET_READS).find((name) => searchParams.has(name));
  if (!key) return method === 'GET' && sub ? BUCKET_READS[sub]! : 'ListBucket';
  if (method === 'DELETE') return searchParams.has('versionId') ? 'DeleteObjectVersion' : 'DeleteObject';
  const verb = method === 'PUT' ? 'PutObject' : 'GetObject';
  return sub === 'tagging' ? `${verb}Tagging` : verb;
}

/** Whether a policy document allows the action on some resource. What else it demands is not looked at here. */
export function isGranted(policy: string, action: string): boolean {
  const { Statement } = JSON.parse(policy) as { Statement: { Effect: string; Action: string[] }[] };
  const patterns = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  return patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(action));
}
