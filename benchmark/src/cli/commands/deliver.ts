import { Command } from 'commander';
import { InputError } from '../../errors';
import type { Streams } from '../run';

/** The environment's key: on the command line others would see it. */
const KEY_VARIABLE = 'HE300_WEBHOOK_KEY';

interface DeliverCommandOptions {
  readonly bucket: string;
  readonly region?: string;
  readonly dashboard: string;
}

export function deliverCommand(io: Streams): Command {
  return new Command('deliver')
    .description('delivers events that a host left in the bucket because its dashboard was gone')
    .argument('<run id...>', 'runs whose events are delivered')
    .requiredOption('--bucket <name>', 'artifact bucket of the environment')
    .requiredOption('--dashboard <url>', 'address of the dashboard')
    .option('--region <region>', 'of the bucket (default: AWS_REGION)')
    .addHelpText(
      'after',
      `\nThe environment’s webhook key comes from ${KEY_VARIABLE}, AWS credentials from AWS_ACCESS_KEY_ID, …`,
    )
    .action(async (runIds: string[], options: DeliverCommandOptions) => {
      const [{ deliverKept }, { bucketOf }, { Secret }] = await Promise.all([
        import('../../host/deliver'),
        import('../../host/aws/bucket-of'),
        import('../../host/log/secret'),
      ]);
      const key = process.env[KEY_VARIABLE];
      if (!key)
        throw new InputError(`deliver: no key; allowed: the environment’s webhook key in ${KEY_VARIABLE}`);
      const region = options.region ?? process.env['AWS_REGION'];
      if (!region) throw new InputError('deliver: no region; allowed: --region, or AWS_REGION');
      const store = bucketOf(options.bucket, region, process.env);
      for (const runId of runIds) {
        const delivered = await deliverKept(runId, { store, url: options.dashboard, key: new Secret(key) });
        io.stdout(`${runId}: ${delivered} events delivered\n`);
      }
    });
}
