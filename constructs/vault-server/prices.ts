/** What a Vault of one's own costs a month, by the list prices of the date in `gpu-host/prices.ts`. */
import type { Environment } from '../../environments/schema';
import { vaultServerOf } from '../../environments/vault';
import { INSTANCE_USD_PER_HOUR, ROOT_DISK_GB, type MonthlyPart } from '../dashboard/prices';
import { GP3_USD_PER_GB_MONTH, HOURS_PER_MONTH, PUBLIC_IPV4_USD_PER_HOUR } from '../gpu-host/prices';

const KEY_USD_PER_MONTH = 1;

/** Empty where there is none. */
export function vaultServerParts(env: Pick<Environment, 'secrets'>): readonly MonthlyPart[] {
  const server = vaultServerOf(env);
  if (!server) return [];
  const { instanceType, dataGb } = server;
  return [
    { what: instanceType, usdPerMonth: INSTANCE_USD_PER_HOUR[instanceType] * HOURS_PER_MONTH },
    { what: 'disks', usdPerMonth: (ROOT_DISK_GB + dataGb) * GP3_USD_PER_GB_MONTH },
    { what: 'address', usdPerMonth: PUBLIC_IPV4_USD_PER_HOUR * HOURS_PER_MONTH },
    { what: 'key', usdPerMonth: KEY_USD_PER_MONTH },
  ];
}

export const vaultServerUsdPerMonth = (env: Pick<Environment, 'secrets'>): number =>
  vaultServerParts(env).reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
