/** Values that several fields share, each with the words that say what is allowed. */
import { z } from 'zod';
import { REGIONS } from '../../constructs/gpu-host/prices';
import { isNetworkAddress } from '../../constructs/network/cidr';

export const cidr = (error: string) => z.cidrv4({ error, abort: true }).refine(isNetworkAddress, { error });
export const cidrV4 = cidr('an IPv4 CIDR such as 203.0.113.0/24, its host bits zero');
export const domain = z.string().regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, {
  error: 'a lower-case DNS name such as gpu.example.org',
});
export const region = z.enum(REGIONS);
export const zone = z.string().regex(/^[a-f]$/, { error: 'one zone letter, a to f' });

// No user name or password: the URLs stand in user data.
const url = (protocol: string, allowed: string) =>
  z.string().regex(new RegExp(`^(?=.{1,255}$)${protocol}://[a-z0-9][a-z0-9.-]*(:\\d{1,5})?(/[\\w.~/-]*)?$`), {
    error: `${allowed} without user name and query, at most 255 characters`,
  });
export const httpsUrl = url('https', 'an https:// URL');
export const httpUrl = url('https?', 'an https:// or http:// URL');

// Parameters stand in IAM policies, where a wildcard would open more and every character counts against the limit.
export const parameter = z.string().regex(/^(?=.{2,100}$)(\/[\w.-]+){1,15}$/, {
  error: 'a parameter path such as /he300/dev/gpu-image, at most 100 characters',
});

export const certificates = z
  .string()
  .regex(/^(-----BEGIN CERTIFICATE-----\n[\w+/=\n]+-----END CERTIFICATE-----\n?)+$/, {
    error: 'certificates in PEM',
  });

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: '64 lower-case hex digits, as `npm run publish` prints them' });

/** Where an image is looked up, in every region that hosts may stand in. */
export const image = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('ssm'),
      parameter: parameter.describe(
        'SSM parameter that holds the AMI id, in every candidate region. The default is written by `npm run bootstrap`, which copies the newest id of `source` once, so that an image never changes between two runs unasked.',
      ),
      source: z
        .string()
        .startsWith('/aws/service/', { error: 'a public parameter path that begins with /aws/service/' })
        .describe('Public SSM parameter that `npm run bootstrap` reads the id from.'),
    })
    .describe('The AMI is looked up in SSM.'),
  z
    .strictObject({
      kind: z.literal('pinned'),
      imageIds: z
        .partialRecord(
          region,
          z.string().regex(/^ami-[0-9a-f]{8,17}$/, { error: 'an AMI id such as ami-0123456789abcdef0' }),
        )
        .describe('AMI id for each candidate region.'),
    })
    .describe('The AMI is named here, for example one built by Packer.'),
]);
export type Image = z.infer<typeof image>;
