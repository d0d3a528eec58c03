import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../environments';
import { cdktf, stackDirectory, terraformError, terraformIn } from './lib/cdktf';
import { CliError, runCli } from './lib/cli';
import { candidateCosts, costTable } from './lib/cost';
import { summarizePlan, summaryLines, type PlanJson } from './lib/plan-summary';
import { terraform } from './lib/tool';

const PLAN_FILE = 'summary.tfplan';

runCli(
  {
    name: 'diff',
    summary:
      'plans an environment and says what an apply would mean: the next run apart from changes to the infrastructure',
    usage: 'npm run diff -- <env> [options]',
    options: {
      platform: { type: 'boolean', help: "plan the environment's platform instead of its run" },
      'exit-code': { type: 'boolean', help: 'exit with 2 when there are changes' },
    },
    positionals: ['<env>'],
  },
  async ({ values, positionals: [name] }, out) => {
    const env = loadEnvironment(name!);
    const stack = values.platform ? `${env.name}-platform` : env.name;
    terraform();
    out.progress('synthesizing');
    const synth = await cdktf(['synth'], { onLine: () => {} });
    if (synth.exitCode !== 0)
      throw new CliError(`synthesis failed: ${lastLine(synth.stdout + synth.stderr)}`);
    out.progress(`planning ${stack}`);
    const summary = summarizePlan(await plan(stack));
    const costs = candidateCosts(env);
    for (const line of summaryLines(stack, summary)) out.print(line);
    if (!values.platform) for (const line of costTable(env, costs)) out.print(line);
    out.result({ stack, ...summary, costs: values.platform ? [] : costs });
    const changes = summary.host.length + summary.infrastructure.length;
    return values['exit-code'] && changes > 0 ? 2 : 0;
  },
);

async function plan(stack: string): Promise<PlanJson> {
  try {
    await terraformIn(stack, ['init', '-input=false', '-no-color']);
    await terraformIn(stack, ['plan', '-input=false', '-no-color', `-out=${PLAN_FILE}`]);
    return JSON.parse((await terraformIn(stack, ['show', '-json', PLAN_FILE])).stdout) as PlanJson;
  } catch (error) {
    throw new CliError(terraformError(String((error as { stderr?: string }).stderr ?? error)));
  } finally {
    // A plan holds every value in the clear.
    rmSync(join(stackDirectory(stack), PLAN_FILE), { force: true });
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
