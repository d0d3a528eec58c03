import type { Environment, Region } from './schema';
import { vaultServerOf } from './vault';

/** Regions that a host may stand in, in the order of the candidates. */
export function regionsOf(env: Pick<Environment, 'gpu'>): readonly Region[] {
  return [...new Set(env.gpu.candidates.map((c) => c.region))];
}

/** Zone letters that candidates name in `region`. */
export function zonesIn(env: Pick<Environment, 'gpu'>, region: Region): readonly string[] {
  return [...new Set(env.gpu.candidates.filter((c) => c.region === region).map((c) => c.zone))].sort();
}

/** Zone letters that the dashboard stands in, in the home region; none where there is no dashboard. */
export function dashboardZones({ dashboard }: Pick<Environment, 'dashboard'>): readonly string[] {
  switch (dashboard.tier) {
    case 'none':
      return [];
    case 'single':
      return [dashboard.zone];
    case 'ha':
      return dashboard.zones;
  }
}

/** Zone letters of `region` that need a subnet. */
export function subnetZonesIn(
  env: Pick<Environment, 'gpu' | 'dashboard' | 'secrets' | 'homeRegion'>,
  region: Region,
): readonly string[] {
  const server = vaultServerOf(env);
  const others = region === env.homeRegion ? [...dashboardZones(env), ...(server ? [server.zone] : [])] : [];
  return [...new Set([...zonesIn(env, region), ...others])].sort();
}
