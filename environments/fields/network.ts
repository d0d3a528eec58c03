/** How a host is reached, and the network that it stands in. */
import { z } from 'zod';
import { cidr, cidrV4, domain, region, zone } from './primitives';

const ALLOW_ENTRY = 'an IPv4 CIDR such as 203.0.113.0/24, its host bits zero, or the preset github';

const peer = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'lower-case letters, digits and hyphens, a letter first' })
      .describe('Name of the other end; `test-runner` is the one that drives the GPU host.'),
    publicKey: z
      .string()
      .regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, { error: 'a public key as `wg pubkey` prints it' })
      .describe('Its public key; the private one never leaves it.'),
    address: z
      .ipv4({ error: 'an address of the tunnel such as 10.0.0.3' })
      .optional()
      .describe(
        'Its address in the tunnel; absent: 10.0.0.1 for `test-runner`, the next free one from 10.0.0.3 on for others.',
      ),
    endpoint: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}:([1-9]\d{0,4})$/, { error: 'host:port' })
      .optional()
      .describe('Where it listens; absent: it dials the host.'),
  })
  .describe('An end of the tunnel that lives longer than a run.');
export type TunnelPeer = z.infer<typeof peer>;

export const networkMode = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('outbound') }).describe('The host dials out; nothing comes in.'),
  z
    .strictObject({
      kind: z.literal('wireguard'),
      peers: z
        .array(peer)
        .max(250, { error: 'at most 250 peers' })
        .describe('Ends of the tunnel besides the hosts of the run. The GPU host is 10.0.0.2.'),
    })
    .describe('Opens 51820/udp for WireGuard peers; the tunnel is 10.0.0.0/24.'),
  z
    .strictObject({
      kind: z.literal('direct'),
      domain: domain.describe('Name the certificate is issued for.'),
      allow: z
        .array(z.union([cidr(ALLOW_ENTRY), z.literal('github')], { error: ALLOW_ENTRY }))
        .min(1, { error: 'at least one CIDR or preset' })
        .max(40, { error: 'at most 40 entries: a security group takes 60 rules' })
        .describe(
          'Who may reach 443: CIDRs, or the preset `github` (published ranges of github.com, not of its hosted runners).',
        ),
    })
    .describe(
      "Opens 443/tcp for the allow list only, and 80/tcp for Let's Encrypt, which proves the domain from addresses that it does not publish.",
    ),
  z
    .strictObject({
      kind: z.literal('tailscale'),
      tag: z
        .string()
        .regex(/^tag:[a-z][a-z0-9-]{0,48}$/, { error: 'an ACL tag such as tag:he300-gpu' })
        .describe('ACL tag that the host joins with; the tailnet must allow its auth key to set it.'),
    })
    .describe('The host joins a tailnet by dialling out; nothing comes in.'),
]);

export const vpc = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('managed'),
      cidr: cidrV4.describe(
        'Address range of the VPC, the same in every region; must not overlap the tunnel 10.0.0.0/24.',
      ),
    })
    .describe('A small VPC of our own in every candidate region.'),
  z
    .strictObject({
      kind: z.literal('existing'),
      regions: z
        .partialRecord(
          region,
          z.strictObject({
            vpcId: z
              .string()
              .regex(/^vpc-[0-9a-f]{8,17}$/, { error: 'a VPC id such as vpc-0123456789abcdef0' })
              .describe('Id of the VPC.'),
            subnetIds: z
              .record(
                zone,
                z.string().regex(/^subnet-[0-9a-f]{8,17}$/, {
                  error: 'a subnet id such as subnet-0123456789abcdef0',
                }),
              )
              .describe('Id of a public subnet for each zone letter.'),
          }),
        )
        .describe('Per region: the VPC, and one public subnet for each zone letter a candidate names.'),
    })
    .describe(
      'A VPC that exists already; nothing in it is created or changed but the host and its security group.',
    ),
]);
