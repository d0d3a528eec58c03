import { Command } from 'commander';
import { HEALTH_PORT, HOST_PATHS } from '../../contract/host-config';
import { integer } from '../options';
import type { Streams } from '../run';

interface HostCommandOptions {
  readonly config: string;
  readonly state: string;
  readonly instanceData: string;
  readonly keep?: boolean;
  readonly reportPatience: number;
  readonly heartbeat: number;
  readonly healthPort: number;
}

export function hostCommand(io: Streams): Command {
  return new Command('host')
    .description('lives the life of a rented host: run, report, and switch it off')
    .option('--config <file>', 'what the host was told', HOST_PATHS.config)
    .option('--state <dir>', 'where it keeps everything', HOST_PATHS.state)
    .option(
      '--instance-data <file>',
      'what cloud-init knows of the machine',
      '/run/cloud-init/instance-data.json',
    )
    .option('--keep', 'leave the host up after its runs, until its time limit')
    .option(
      '--report-patience <seconds>',
      'how long a dashboard that does not answer is waited for',
      integer(5, 3_600),
      600,
    )
    .option('--heartbeat <seconds>', 'longest silence towards the dashboard', integer(5, 3_600), 30)
    .option('--health-port <port>', 'where it tells how it is', integer(0, 65_535), HEALTH_PORT)
    .action(async (options: HostCommandOptions) => {
      const [{ supervise }, { readHostConfig }] = await Promise.all([
        import('../../host/supervise'),
        import('../../host/read-config'),
      ]);
      await supervise(readHostConfig(options.config), {
        state: options.state,
        instanceDataPath: options.instanceData,
        keep: options.keep === true,
        reportPatienceSeconds: options.reportPatience,
        heartbeatSeconds: options.heartbeat,
        healthPort: options.healthPort,
        env: process.env,
        program: [process.execPath, process.argv[1]!],
        write: (line) => io.stdout(line),
        stop: io.stop,
      });
    });
}
