/** Fields of a Vault of one's own: one small VM. */
import { z } from 'zod';
import { DASHBOARD_INSTANCE_TYPES } from '../../constructs/dashboard/prices';
import { cidrV4, image, zone } from './primitives';

export const vaultServer = z
  .strictObject({
    allow: z
      .array(cidrV4)
      .min(1, { error: 'at least one CIDR' })
      .max(40, { error: 'at most 40 CIDRs: a security group takes 60 rules' })
      .describe(
        'Who may reach it on 443/tcp. Hosts and hosted workflows come from addresses that nobody knows before: `0.0.0.0/0` lets them in, and Vault asks everybody who they are.',
      ),
    protected: z
      .boolean()
      .describe(
        'Whether the data outlive a mistake: the volume, and the key that opens it, cannot be destroyed while this is true.',
      ),
    zone: zone.describe('Availability zone of the VM and its volume, in the home region.'),
    instanceType: z.enum(DASHBOARD_INSTANCE_TYPES).describe('Instance type of the VM.'),
    image: image.describe('Machine image of the VM: Debian or Ubuntu for x86-64.'),
    dataGb: z.int().min(8).max(1000).describe('Size of the encrypted gp3 volume with the data, in GB.'),
    snapshotEveryHours: z
      .int()
      .min(1)
      .max(24)
      .describe(
        'Hours between two snapshots to the artifact bucket, each fetched back and read before it counts.',
      ),
    snapshotDays: z.int().min(1).max(365).describe('Days that snapshots are kept.'),
    alarmEmail: z
      .email({ error: 'an e-mail address' })
      .optional()
      .describe('Who is told of alarms, once the address is confirmed; absent: they are only shown.'),
  })
  .describe('A Vault of your own at `address`, on one small VM: the stack `<env>-vault-server`.');
