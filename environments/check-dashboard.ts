/** Rules across fields about the dashboard: where it is reached, by what name, and where it stands. */
import type { Fault } from './check';
import { dashboardZones } from './regions';
import type { Dashboard, Environment } from './schema';

export function* dashboardFaults(env: Environment): Generator<Fault> {
  const { dashboard, state } = env;
  if (dashboard.url?.startsWith('http:') && state !== 'local')
    yield { field: 'dashboard.url', value: dashboard.url, allowed: 'an https:// URL unless state is local' };
  if (dashboard.tier === 'none') return;
  yield* nameFaults(dashboard);
  yield* placeFaults(env, dashboard);
}

type Deployed = Exclude<Dashboard, { readonly tier: 'none' }>;

function* nameFaults(dashboard: Deployed): Generator<Fault> {
  const { exposure, domain, url } = dashboard;
  if (exposure === 'public' && domain === undefined)
    yield {
      field: 'dashboard.domain',
      value: domain,
      allowed: 'a DNS name while dashboard.exposure is public',
    };
  if (dashboard.tier === 'single' && exposure === 'internal' && domain !== undefined) {
    const allowed =
      "nothing while dashboard.exposure is internal: Let's Encrypt must reach what it certifies";
    yield { field: 'dashboard.domain', value: domain, allowed };
  }
  if (domain !== undefined && url !== undefined && new URL(url).hostname !== domain)
    yield { field: 'dashboard.url', value: url, allowed: `https://${domain}, as dashboard.domain says` };
}

function* placeFaults(env: Environment, dashboard: Deployed): Generator<Fault> {
  const { homeRegion, accountId, network } = env;
  if (dashboard.tier === 'ha') {
    const { zones, domain, certificateArn } = dashboard;
    for (const [i, zone] of zones.entries()) {
      if (zones.indexOf(zone) < i)
        yield { field: `dashboard.zones[${i}]`, value: zone, allowed: 'each zone once' };
    }
    const both = 'a certificate together with dashboard.domain, or neither';
    if ((domain === undefined) !== (certificateArn === undefined))
      yield { field: 'dashboard.certificateArn', value: certificateArn, allowed: both };
    const prefix = `arn:aws:acm:${homeRegion}:${accountId}:`;
    if (certificateArn !== undefined && !certificateArn.startsWith(prefix)) {
      const allowed = `one of the home region and the account: ${prefix}…`;
      yield { field: 'dashboard.certificateArn', value: certificateArn, allowed };
    }
  } else if (dashboard.image.kind === 'pinned' && !dashboard.image.imageIds[homeRegion]) {
    const field = `dashboard.image.imageIds.${homeRegion}`;
    yield { field, value: undefined, allowed: 'an AMI id for the home region' };
  }
  if (network.vpc.kind !== 'existing') return;
  const there = network.vpc.regions[homeRegion];
  for (const zone of dashboardZones(env)) {
    if (there?.subnetIds[zone]) continue;
    const field = `network.vpc.regions.${homeRegion}.subnetIds.${zone}`;
    yield { field, value: undefined, allowed: `a subnet id for zone ${zone}, which the dashboard stands in` };
  }
}
