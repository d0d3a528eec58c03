/** The gateways of direct mode, of the dashboard and of a Vault as Caddy reads them: https://caddyserver.com/docs/caddyfile. */

export interface GatewayProps {
  /** Name the certificate is issued for. */
  readonly domain: string;
  /** CIDRs that may ask. */
  readonly allow: readonly string[];
  /** Of the model server, on loopback. */
  readonly port: number;
}

/**
 * A certificate of Let's Encrypt, by the challenge on port 80; a request passes when it comes from the allow list and
 * brings the key. The key stands in the service's environment, so that neither this file nor user data holds it; Caddy's
 * log leaves the header out that brings it.
 */
export const caddyfile = ({ domain, allow, port }: GatewayProps): string =>
  indentedByTabs(`{
  admin off
  cert_issuer acme {
    dir https://acme-v02.api.letsencrypt.org/directory
    disable_tlsalpn_challenge
  }
}

${domain} {
  log
  @stranger not remote_ip ${allow.join(' ')}
  respond @stranger 403
  @keyless not header Authorization "Bearer {env.HE300_MODEL_API_KEY}"
  respond @keyless 401
  reverse_proxy 127.0.0.1:${port} {
    header_up -Authorization
    header_up Host {upstream_hostport}
    flush_interval -1
  }
}
`);

export interface SiteProps {
  /** Name the certificate is issued for. */
  readonly domain: string;
  /** Of the server, on loopback. */
  readonly port: number;
}

/** A site that anybody may reach: the certificate, and the way to HTTPS for who came by HTTP. Who may do what is the server's. */
export const siteCaddyfile = ({ domain, port }: SiteProps): string =>
  indentedByTabs(`{
  admin off
  cert_issuer acme {
    dir https://acme-v02.api.letsencrypt.org/directory
  }
}

${domain} {
  reverse_proxy 127.0.0.1:${port} {
    flush_interval -1
  }
}
`);

export interface VaultSiteProps {
  /** Name the certificate is issued for. */
  readonly domain: string;
  /** Of Vault, on loopback. */
  readonly upstream: string;
}

/**
 * Vault's site: the certificate by the challenge on port 80, for who reaches 443 is a list. Whoever asks brings the token
 * in a header, and Caddy writes headers down when Vault does not answer: so it writes none.
 */
export const vaultCaddyfile = ({ domain, upstream }: VaultSiteProps): string =>
  indentedByTabs(`{
  admin off
  log {
    format filter {
      wrap json
      fields {
        request>headers delete
      }
    }
  }
  cert_issuer acme {
    dir https://acme-v02.api.letsencrypt.org/directory
    disable_tlsalpn_challenge
  }
}

${domain} {
  reverse_proxy ${upstream}
}
`);

/** As Caddy's own formatter does, without which it warns. */
const indentedByTabs = (text: string): string =>
  text.replaceAll(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2));
