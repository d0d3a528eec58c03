import { loadEnvironment } from '../../environments';
import { dashboardParts, dashboardUsdPerMonth } from './prices';

const [local, dev, prod] = ['local', 'dev', 'prod'].map(loadEnvironment);

test('no dashboard costs nothing', () => expect(dashboardUsdPerMonth(local!)).toBe(0));

test('one VM: 730 hours of it and of its address, and both disks', () => {
  // 730 × (0.0208 + 0.005) + (16 + 20) × 0.08
  expect(dashboardUsdPerMonth(dev!)).toBeCloseTo(21.714, 3);
});

test('several of everything: containers, balancer, addresses, database, secret', () => {
  // 730 × (2 × (0.5 × 0.04048 + 0.004445) + 0.0225 + (2 + 2) × 0.005 + 0.065) + 20 × 0.23 + 0.4
  expect(dashboardUsdPerMonth(prod!)).toBeCloseTo(119.515, 2);
  const { dashboard } = prod!;
  if (dashboard.tier !== 'ha') throw new Error(dashboard.tier);
  // A balancer inside of the VPC has no addresses to pay for.
  const internal = dashboardUsdPerMonth({ dashboard: { ...dashboard, exposure: 'internal' } });
  expect(dashboardUsdPerMonth(prod!) - internal).toBeCloseTo(2 * 0.005 * 730, 3);
  expect(dashboardParts(prod!).every(({ usdPerMonth }) => usdPerMonth > 0)).toBe(true);
});
