/** Ports and addresses that several subjects share. */
export const WIREGUARD_PORT = 51820;
export const HTTPS_PORT = 443;
export const SSH_PORT = 22;
/** Where Let's Encrypt proves who a domain belongs to. */
export const HTTP_PORT = 80;

/** Addresses inside the tunnel: the test runner is .1, the GPU host .2. */
export const TUNNEL_CIDR = '10.0.0.0/24';
/** Keeps the way open through the routers between, which forget an address after half a minute. */
export const TUNNEL_KEEPALIVE_SECONDS = 25;

/**
 * Published ranges of github.com's own services (`web`, `api` and `hooks` of its meta API). Hosted runners are not
 * among them: those come from thousands of cloud ranges, far above the 60 rules of a security group; reach a host from
 * one of them through the tunnel, or give a larger runner a static address and list that.
 */
export const GITHUB_CIDRS = ['192.30.252.0/22', '185.199.108.0/22', '140.82.112.0/20', '143.55.64.0/20'];
