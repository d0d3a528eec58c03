/** `dev` with one dashboard or another. */
import { loadEnvironment } from '../../environments';
import type { Dashboard, Environment } from '../../environments/schema';

type Tier<T extends Dashboard['tier']> = Extract<Dashboard, { readonly tier: T }>;

function of<T extends Dashboard['tier']>(name: string, tier: T): Tier<T> {
  const { dashboard } = loadEnvironment(name);
  if (dashboard.tier !== tier) throw new Error(`${name} has a dashboard of the tier ${dashboard.tier}`);
  return dashboard as Tier<T>;
}

/** That of `dev`, inside of the VPC, changed. */
export const singleDashboard = (changes: Partial<Tier<'single'>> = {}): Tier<'single'> => ({
  ...of('dev', 'single'),
  ...changes,
});

/** That of `prod`, public, changed. */
export const haDashboard = (changes: Partial<Tier<'ha'>> = {}): Tier<'ha'> => ({
  ...of('prod', 'ha'),
  ...changes,
});

export const devWithDashboard = (dashboard: Dashboard): Environment => ({
  ...loadEnvironment('dev'),
  dashboard,
});

/** Public, and not protected, so that a test can destroy it. */
export const haDev = (changes: Partial<Tier<'ha'>> = {}): Environment =>
  devWithDashboard(haDashboard({ protected: false, backupDays: 7, ...changes }));
