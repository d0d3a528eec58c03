import { dashboardUsdPerMonth } from '../constructs/dashboard/prices';
import { vaultServerUsdPerMonth } from '../constructs/vault-server/prices';
import { PRICES_AS_OF } from '../constructs/gpu-host/prices';
import { loadEnvironment } from '../environments';
import { CliError, runCli } from './lib/cli';
import { candidateCosts, costTable, monthlyLines } from './lib/cost';

runCli(
  {
    name: 'cost',
    summary:
      'the most that one run can cost on each candidate, compared with the cap (exit code 1: above it)',
    usage: 'npm run cost -- <env> [options]',
    options: { candidate: { type: 'string', value: 'N', help: 'only this candidate, counted from 0' } },
    positionals: ['<env>'],
  },
  async ({ values, positionals: [name] }, out) => {
    const env = loadEnvironment(name!);
    const all = candidateCosts(env);
    const costs =
      values.candidate === undefined ? all : all.filter((c) => String(c.index) === values.candidate);
    if (costs.length === 0)
      throw new CliError(`--candidate: '${values.candidate}'; allowed: 0 to ${all.length - 1}`, 2);
    for (const line of [...costTable(env, costs), ...monthlyLines(env)]) out.print(line);
    out.result({
      environment: env.name,
      pricesAsOf: PRICES_AS_OF,
      priceCapUsd: env.run.priceCapUsd,
      candidates: costs,
      dashboardUsdPerMonth: dashboardUsdPerMonth(env),
      vaultServerUsdPerMonth: vaultServerUsdPerMonth(env),
    });
    if (costs.some((c) => c.withinCap)) return 0;
    out.progress(
      `cost: every candidate is above run.priceCapUsd, $${env.run.priceCapUsd.toFixed(2)}, of environments/${env.name}.ts`,
    );
    return 1;
  },
);
