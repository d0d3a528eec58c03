/** Where things lie on a host, besides what the supervisor must know too (`HOST_PATHS` of the contract). */
export const PATHS = {
  /** Programs, each a link to where it really is. */
  programs: '/opt/he300/bin',
  provision: '/opt/he300/provision',
  fetcher: '/opt/he300/fetch-bundle.mjs',
  firewall: '/etc/he300/firewall.nft',
  caddyfile: '/etc/he300/Caddyfile',
} as const;

export const program = (name: string): string => `${PATHS.programs}/${name}`;
