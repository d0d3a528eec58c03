/** Rules across fields about a Vault of one's own: by what name it is reached, and where it stands. */
import type { Fault } from './check';
import { domain } from './fields/primitives';
import type { Environment } from './schema';

export function* vaultServerFaults({ secrets, homeRegion, network }: Environment): Generator<Fault> {
  if (secrets.kind !== 'vault' || !secrets.server) return;
  const { address, namespace, server } = secrets;
  const { hostname, origin } = new URL(address);
  if (!domain.safeParse(hostname).success || address !== origin || origin !== `https://${hostname}`) {
    const allowed =
      "https:// and a DNS name, no port and no path, while secrets.server is there: Let's Encrypt certifies the name, and Caddy answers on 443";
    yield { field: 'secrets.address', value: address, allowed };
  }
  if (namespace !== undefined) {
    const allowed = 'nothing while secrets.server is there: the community edition has no namespaces';
    yield { field: 'secrets.namespace', value: namespace, allowed };
  }
  for (const [i, cidr] of server.allow.entries()) {
    if (Number(cidr.split('/')[1]) >= 8 || cidr === '0.0.0.0/0') continue;
    const allowed = 'a prefix length of 8 to 32, or 0.0.0.0/0 for everybody';
    yield { field: `secrets.server.allow[${i}]`, value: cidr, allowed };
  }
  if (server.image.kind === 'pinned' && !server.image.imageIds[homeRegion]) {
    const field = `secrets.server.image.imageIds.${homeRegion}`;
    yield { field, value: undefined, allowed: 'an AMI id for the home region' };
  }
  if (network.vpc.kind !== 'existing' || network.vpc.regions[homeRegion]?.subnetIds[server.zone]) return;
  const field = `network.vpc.regions.${homeRegion}.subnetIds.${server.zone}`;
  const allowed = `a subnet id for zone ${server.zone}, which secrets.server stands in`;
  yield { field, value: undefined, allowed };
}
