import { environmentNames, loadEnvironment } from '../environments';
import { CliError, runCli, type CliOut } from './lib/cli';
import { explain, WrongAccount } from './lib/cloud';
import { sweepEnvironment, type SweptEnvironment } from './lib/sweep-environment';
import { deployLine, errorLines, hostTable, leftoverLines, totals, totalsLine } from './lib/sweep-report';
import { unlock } from './lib/unlock';

const EXIT_FOUND = 3;

runCli(
  {
    name: 'sweep',
    summary:
      'compares the GPU hosts in the cloud with the Terraform state: who is there, why, at what cost (exit code 3: something should be terminated)',
    usage: 'npm run sweep -- [env] [options]',
    options: {
      terminate: {
        type: 'boolean',
        help: 'end expired, ended, orphaned, unlimited and unfinished hosts, and clear up after killed deploys',
      },
      unlock: { type: 'boolean', help: 'only remove the lock that a killed deploy of this machine left' },
    },
    positionals: ['[env]'],
  },
  async ({ values, positionals: [name] }, out) => {
    if (values.unlock) {
      if (!name || values.terminate)
        throw new CliError('--unlock takes an environment and no --terminate; see --help', 2);
      return unlockOne(name, out);
    }
    return sweep(name, values.terminate ?? false, out);
  },
);

async function unlockOne(name: string, out: CliOut): Promise<void> {
  const env = loadEnvironment(name);
  const who = await unlock(env).catch((error: unknown) => {
    throw new CliError(explain(error, env));
  });
  out.print(who ? `${name}: removed the stale lock of ${who}` : `${name}: no lock`);
  out.result({ environment: name, unlocked: who !== undefined });
}

async function sweep(name: string | undefined, terminate: boolean, out: CliOut): Promise<number> {
  const environments = (name ? [name] : environmentNames).map(loadEnvironment);
  const swept: SweptEnvironment[] = [];
  const skipped: { name: string; error: string }[] = [];
  const failures: { name: string; error: string }[] = [];
  await Promise.all(
    environments.map(async (env) => {
      try {
        swept.push(await sweepEnvironment(env, { terminate, progress: out.progress, mayBeAbsent: !name }));
      } catch (error) {
        // Whoever sweeps everything means everything in the account at hand.
        (error instanceof WrongAccount && !name ? skipped : failures).push({
          name: env.name,
          error: explain(error, env),
        });
      }
    }),
  );
  if (swept.length === 0) failures.push(...skipped.splice(0));
  failures.push(...swept.flatMap(({ name, errors }) => errors.map((error) => ({ name, error }))));
  swept.sort((a, b) => environmentNames.indexOf(a.name) - environmentNames.indexOf(b.name));

  const sum = totals(swept);
  for (const line of hostTable(swept)) out.print(line);
  for (const line of swept.flatMap(deployLine)) out.print(line);
  for (const line of swept.flatMap(leftoverLines)) out.print(line);
  if (swept.length > 0) out.print(totalsLine(sum));
  for (const line of errorLines(skipped)) out.progress(`sweep: skipped ${line}`);
  for (const line of errorLines(failures)) out.progress(`sweep: ${line}`);
  out.result({ environments: swept, totals: sum, skipped, failures });
  if (failures.length > 0) return 1;
  return sum.toTerminate + sum.killedDeploys + sum.leftovers > 0 ? EXIT_FOUND : 0;
}
