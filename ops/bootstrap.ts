import { loadEnvironment } from '../environments';
import { bootstrapImages } from './lib/bootstrap-image';
import { bootstrapStateBucket } from './lib/bootstrap-state';
import { CliError, runCli } from './lib/cli';
import { explain, openAccount } from './lib/cloud';

runCli(
  {
    name: 'bootstrap',
    summary:
      'makes what Terraform needs before its first plan: the state bucket and the id of the machine image; safe to repeat',
    usage: 'npm run bootstrap -- <env> [options]',
    options: {
      'refresh-image': { type: 'boolean', help: 'take the newest machine image even though one is recorded' },
    },
    positionals: ['<env>'],
  },
  async ({ values, positionals: [name] }, out) => {
    const env = loadEnvironment(name!);
    try {
      const { s3 } = await openAccount(env);
      const done = [
        ...(await bootstrapStateBucket(env, s3)),
        ...(await bootstrapImages(env, { refresh: values['refresh-image'] ?? false })),
      ];
      for (const { what, did } of done) out.print(`${did.padEnd(8)} ${what}`);
      out.result({ environment: env.name, done });
    } catch (error) {
      throw new CliError(explain(error, env));
    }
  },
);
