/** Fields of the dashboard: none, one small VM, or several of everything. */
import { z } from 'zod';
import { DASHBOARD_INSTANCE_TYPES, DATABASE_CLASSES } from '../../constructs/dashboard/prices';
import { domain, httpUrl, image, zone } from './primitives';

const url = {
  url: httpUrl
    .optional()
    .describe('URL of the dashboard that runs report to; http:// only while `state` is `local`.'),
};

const shared = {
  ...url,
  exposure: z
    .enum(['public', 'internal'])
    .describe('`public`: HTTPS from anywhere, under `domain`; `internal`: from inside the VPC only.'),
  protected: z
    .boolean()
    .describe(
      'Whether the data outlive a mistake: the volume, or the database, cannot be destroyed while this is true.',
    ),
  publicRead: z
    .boolean()
    .describe(
      'Whether everybody who reaches the dashboard may read; false: whoever has a token or an account.',
    ),
  backupDays: z.int().min(1).max(35).describe('Days that backups of the database are kept.'),
  alarmEmail: z
    .email({ error: 'an e-mail address' })
    .optional()
    .describe('Who is told of alarms, once the address is confirmed; absent: they are only shown.'),
};

const single = z
  .strictObject({
    tier: z.literal('single'),
    ...shared,
    domain: domain
      .optional()
      .describe(
        'Name the certificate is issued for; must lead to the address that the deploy prints. Needed while `exposure` is `public`.',
      ),
    zone: zone.describe('Availability zone of the VM and its volume, in the home region.'),
    instanceType: z.enum(DASHBOARD_INSTANCE_TYPES).describe('Instance type of the VM.'),
    image: image.describe('Machine image of the VM: Debian or Ubuntu for x86-64.'),
    dataGb: z.int().min(8).max(1000).describe('Size of the encrypted gp3 volume with the database, in GB.'),
    backupEveryHours: z
      .int()
      .min(1)
      .max(24)
      .describe(
        'Hours between two backups to the artifact bucket, each restored once to see that it can be.',
      ),
  })
  .describe('One small VM with SQLite on a volume of its own.');

const ha = z
  .strictObject({
    tier: z.literal('ha'),
    ...shared,
    domain: domain
      .optional()
      .describe('Name under which the load balancer is reached. Needed while `exposure` is `public`.'),
    certificateArn: z
      .string()
      .regex(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/, {
        error: 'the ARN of a certificate of ACM',
      })
      .optional()
      .describe('Certificate of `domain` in the home region; the two come together.'),
    zones: z
      .array(zone)
      .min(2, { error: 'at least two zones' })
      .max(3, { error: 'at most three zones' })
      .describe('Availability zone letters in the home region; each may fail alone.'),
    image: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$/, {
        error: 'an image by its digest, such as ghcr.io/OWNER/NAME@sha256:HEX',
      })
      .describe('Container image of the dashboard, by its digest.'),
    databaseClass: z.enum(DATABASE_CLASSES).describe('Class of the two database instances.'),
    databaseGb: z.int().min(20).max(1000).describe('Size of the encrypted database, in GB.'),
  })
  .describe('Load balancer, two containers, and Postgres in two zones.');

export const dashboard = z.discriminatedUnion('tier', [
  z
    .strictObject({ tier: z.literal('none'), ...url })
    .describe(
      'None is deployed: results stay in the bucket, unless `url` names a dashboard that is there already.',
    ),
  single,
  ha,
]);
