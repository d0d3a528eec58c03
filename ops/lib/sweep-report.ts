/** What `sweep` prints. */
import type { SweptEnvironment, SweptHost } from './sweep-environment';
import { tableLines } from './table';

const COLUMNS = ['environment', 'id', 'region', 'type', 'verdict', 'age', 'cost so far', 'reason'] as const;

/** The hosts of all environments as a table; no line at all without hosts. */
export function hostTable(environments: readonly SweptEnvironment[]): string[] {
  const rows = environments.flatMap(({ name, hosts }) => hosts.map((host) => row(name, host)));
  if (rows.length === 0) return [];
  return tableLines([COLUMNS, ...rows]);
}

function row(environment: string, host: SweptHost): string[] {
  const verdict = host.terminated ? `${host.verdict}, terminated` : host.verdict;
  return [
    environment,
    host.id,
    host.region,
    host.instanceType,
    verdict,
    age(host.ageMinutes),
    dollars(host.costUsd),
    host.reason,
  ];
}

function age(minutes: number | undefined): string {
  if (minutes === undefined) return '?';
  const whole = Math.max(0, Math.floor(minutes));
  return whole < 60 ? `${whole}m` : `${Math.floor(whole / 60)}h${String(whole % 60).padStart(2, '0')}m`;
}

const dollars = (usd: number | undefined): string => (usd === undefined ? '?' : `$${usd.toFixed(2)}`);

export interface SweepTotals {
  readonly hosts: number;
  readonly terminated: number;
  /** Hosts that must end and have not been ended. */
  readonly toTerminate: number;
  /** Killed deploys whose lock or processes are still there. */
  readonly killedDeploys: number;
  /** What killed deploys left besides hosts and has not been removed. */
  readonly leftovers: number;
  /** Upper bound over all hosts of known price. */
  readonly costUsd: number;
}

export function totals(environments: readonly SweptEnvironment[]): SweepTotals {
  const hosts = environments.flatMap((environment) => environment.hosts);
  return {
    hosts: hosts.length,
    terminated: hosts.filter(({ terminated }) => terminated).length,
    toTerminate: hosts.filter(({ mustEnd, terminated }) => mustEnd && !terminated).length,
    killedDeploys: environments.filter(({ deploy, lockRemoved }) => isKilled(deploy.kind) && !lockRemoved)
      .length,
    leftovers: environments.flatMap(({ leftovers }) => leftovers).filter(({ removed }) => !removed).length,
    costUsd: hosts.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0),
  };
}

const isKilled = (kind: string): boolean => kind === 'stale' || kind === 'orphaned';

export function totalsLine({ hosts, terminated, toTerminate, costUsd }: SweepTotals): string {
  if (hosts === 0) return 'no hosts';
  const parts = [`${hosts} host${hosts === 1 ? '' : 's'}`, `at most ${dollars(costUsd)} so far`];
  if (terminated > 0) parts.push(`${terminated} terminated`);
  if (toTerminate > 0) parts.push(`${toTerminate} to terminate`);
  return parts.join(', ');
}

/** What else there is to say of an environment: about a deploy in progress, or a killed one. */
export function deployLine({ name, deploy, lockRemoved }: SweptEnvironment): string[] {
  if (lockRemoved) return [`${name}: removed the stale lock of ${deploy.leftLock?.who}`];
  return deploy.kind === 'none'
    ? []
    : [`${name}: ${deploy.kind === 'stale' ? 'stale lock: ' : ''}${deploy.reason}`];
}

/** What a killed deploy made and no state knows. */
export function leftoverLines({ name, leftovers }: SweptEnvironment): string[] {
  return leftovers.map(
    ({ what, removed }) => `${name}: ${removed ? 'removed' : 'left by a killed deploy:'} ${what}`,
  );
}

/** Failures that environments share, such as missing credentials, are said once. */
export function errorLines(failures: readonly { readonly name: string; readonly error: string }[]): string[] {
  const byError = new Map<string, string[]>();
  for (const { name, error } of failures) byError.set(error, [...(byError.get(error) ?? []), name]);
  return [...byError].map(([error, names]) => `${names.join(', ')}: ${error}`);
}
