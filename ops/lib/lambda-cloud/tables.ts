/** What `list`, `types` and `firewall` print. */
import { TAG } from '../../../constructs/naming/tags';
import { tableLines } from '../table';
import type { LambdaInstance, TypeOffer } from './answers';

const COLUMNS = ['environment', 'id', 'name', 'region', 'type', 'status', 'age', 'limit', 'price'] as const;

/** No line at all without instances. */
export function instanceTable(instances: readonly LambdaInstance[], now: number): string[] {
  if (instances.length === 0) return [];
  const rows = instances.map((one) => [
    one.tags[TAG.environment] ?? '-',
    one.id,
    one.name ?? '-',
    one.region,
    one.instanceType,
    one.status,
    one.launchedAt ? `${Math.max(0, Math.floor((now - one.launchedAt.getTime()) / 60_000))}m` : '?',
    one.tags[TAG.timeLimitMinutes] ? `${one.tags[TAG.timeLimitMinutes]}m` : '-',
    perHour(one.usdPerHour),
  ]);
  return tableLines([COLUMNS, ...rows]);
}

export const typeTable = (types: readonly TypeOffer[]): string[] =>
  tableLines([
    ['type', 'price', 'free in', 'what it is'],
    ...[...types]
      .sort((a, b) => a.usdPerHour - b.usdPerHour || (a.name < b.name ? -1 : 1))
      .map((t) => [t.name, perHour(t.usdPerHour), t.freeRegions.join(', ') || '-', t.description]),
  ]);

const perHour = (usd: number): string => `$${usd.toFixed(2)}/h`;
