/** What a run may cost, candidate by candidate, before anything is launched; and what the dashboard and a Vault cost meanwhile. */
import { dashboardParts, type MonthlyPart } from '../../constructs/dashboard/prices';
import { PRICES_AS_OF, type RunCost } from '../../constructs/gpu-host/prices';
import { candidateKey, costOf } from '../../environments/candidate';
import { runnerHostOf } from '../../environments/runner-host';
import { vaultServerParts } from '../../constructs/vault-server/prices';
import type { Environment } from '../../environments/schema';

export interface CandidateCost extends RunCost {
  readonly index: number;
  readonly candidate: string;
  readonly withinCap: boolean;
}

export function candidateCosts(env: Environment): CandidateCost[] {
  const { priceCapUsd } = env.run;
  return env.gpu.candidates.map((candidate, index) => {
    const cost = costOf(env, candidate);
    return {
      index,
      candidate: candidateKey(candidate),
      ...cost,
      withinCap: cost.upperBoundUsd <= priceCapUsd,
    };
  });
}

export function costTable(env: Environment, costs: readonly CandidateCost[]): string[] {
  const width = Math.max(...costs.map((c) => c.candidate.length));
  const runner = runnerHostOf(env);
  const extras = runner ? `disk, address and the runner's ${runner.instanceType}` : 'disk and address';
  const rows = costs.map(
    (c) =>
      `  ${c.index}  ${c.candidate.padEnd(width)}  $${c.instanceUsdPerHour.toFixed(3)}/h + $${c.extrasUsdPerHour.toFixed(3)}/h ${extras}  at most $${c.upperBoundUsd.toFixed(2)}${c.withinCap ? '' : '  above the cap'}`,
  );
  return [
    `${env.name}: one run of at most ${env.run.timeLimitMinutes} minutes, cap $${env.run.priceCapUsd.toFixed(2)}, list prices of ${PRICES_AS_OF}`,
    ...rows,
    '  a spot candidate is priced on demand: that is the most it can cost',
  ];
}

/** What the dashboard and a Vault cost by themselves, whether there are runs or not; nothing where there are none. */
export const monthlyLines = (env: Environment): string[] => [
  ...linesOf(`${env.name}-dashboard`, dashboardParts(env)),
  ...linesOf(`${env.name}-vault-server`, vaultServerParts(env)),
];

function linesOf(stack: string, parts: readonly MonthlyPart[]): string[] {
  if (parts.length === 0) return [];
  const sum = parts.map(({ what, usdPerMonth }) => `${what} $${usdPerMonth.toFixed(2)}`).join(' + ');
  return [
    `${stack}: $${usdPerMonth(parts).toFixed(2)} a month while it is deployed, traffic not counted`,
    `  ${sum}`,
  ];
}

const usdPerMonth = (parts: readonly MonthlyPart[]): number =>
  parts.reduce((sum, part) => sum + part.usdPerMonth, 0);
