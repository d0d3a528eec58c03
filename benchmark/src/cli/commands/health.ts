import { Command } from 'commander';
import { HOST_PATHS } from '../../contract/host-config';
import { EXIT, type Streams } from '../run';

interface HealthOptions {
  readonly config: string;
  readonly state: string;
  readonly json?: boolean;
  readonly alertWebhook?: string;
}

export function healthCommand(io: Streams): Command {
  return new Command('health')
    .description('looks after a rented host: disk, memory, GPU, model server, tunnel, clock')
    .option('--config <file>', 'what the host was told', HOST_PATHS.config)
    .option('--state <dir>', 'where it keeps everything', HOST_PATHS.state)
    .option('--json', 'as JSON')
    .option('--alert-webhook <url>', 'where it is told when something is wrong')
    .action(async (options: HealthOptions) => {
      const [{ look }, { readHostConfig }, { alert }, { OWN_URL_VARIABLE }] = await Promise.all([
        import('../../host/health/look'),
        import('../../host/read-config'),
        import('../../host/health/alert'),
        import('../../host/phases/model-server'),
      ]);
      const config = readHostConfig(options.config);
      const ownUrl = process.env[OWN_URL_VARIABLE];
      const health = await look({ config, state: options.state, env: process.env, ownUrl });
      const lines = health.findings.map(
        ({ status, check, message }) => `${status.padEnd(4)}  ${check.padEnd(12)}  ${message}\n`,
      );
      io.stdout(options.json ? `${JSON.stringify(health)}\n` : lines.join(''));
      if (health.status !== 'fail') return;
      io.exit(EXIT.failed);
      if (options.alertWebhook === undefined) return;
      const why = await alert(options.alertWebhook, config.environment, health);
      if (why !== undefined) io.stderr(`he300: health: the alert did not arrive: ${why}\n`);
    });
}
