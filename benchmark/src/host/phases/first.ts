/** The phases that are the host's own: arm, identity, secrets. */
import { runIdsOf, identify } from '../identity';
import { HostRun } from '../host-run';
import type { Host } from '../host';
import { arm, tighten } from '../limits';
import { Reporter } from '../report/reporter';
import { readHostSecrets, secretsSource } from '../secrets/secrets';
import { HOST_SECRETS } from '../../contract/host-config';

export function armHost(host: Host): void {
  const { config, options, log, found } = host;
  found.limits = arm(options.state, config);
  log.info('the limit is armed', { ...found.limits });
}

export async function identifyHost(host: Host): Promise<void> {
  const { config, imds, options, log, found } = host;
  const identity = await identify({ cloud: config.cloud, imds, instanceDataPath: options.instanceDataPath });
  found.identity = identity;
  found.limits = tighten(options.state, host.get('limits'), identity.launchedAt, config);
  log.info('the host knows itself', { ...identity, ...found.limits });
}

/** The runs are claimed whatever becomes of the secrets: then also what fails from here on can be told under numbers of its own. */
export async function readSecrets(host: Host): Promise<void> {
  const { config, client, redactor, found, log, options } = host;
  const { state, env } = options;
  // The same for every attempt: what it logged in with may be good once.
  found.source ??= secretsSource(config, {
    ...{ client, redactor, log, state },
    runtimeDirectory: env['RUNTIME_DIRECTORY'] || undefined,
  });
  const reading = readHostSecrets(found.source, config);
  // Looked at below, unless the claim fails before.
  reading.catch(() => undefined);
  if (config.topology !== 'remote-server' && host.runs.length === 0) host.runs = await claimRuns(host);
  const secrets = await reading;
  found.secrets = secrets;
  if (config.dashboardUrl !== null && secrets.dashboardToken === null)
    log.warn('there is no token for the dashboard: artifacts go to the bucket alone', {
      secret: HOST_SECRETS.dashboardToken,
    });
  startReporter(host);
}

async function claimRuns(host: Host): Promise<HostRun[]> {
  const { config, store, log, redactor, options, outbox } = host;
  const { instanceId } = host.get('identity');
  const runs: HostRun[] = [];
  for (const [i, runId] of runIdsOf(config, instanceId).entries())
    runs.push(
      await HostRun.claim({
        ...{ runId, hostId: instanceId, store, log, redactor, state: options.state },
        model: config.run.models[i]!,
        events: {
          outbox,
          notify: () => host.reporter?.notify(),
          heartbeatSeconds: options.heartbeatSeconds,
        },
      }),
    );
  log.info('the runs are claimed', { runs: runs.map(({ runId, session }) => ({ runId, session })) });
  return runs;
}

function startReporter(host: Host): void {
  const { config, outbox, log, clock } = host;
  const { webhookKey } = host.get('secrets');
  if (config.dashboardUrl === null || webhookKey === null || host.reporter) return;
  let asked = 0;
  const reporter = new Reporter({
    ...{ outbox, log, clock, url: config.dashboardUrl },
    // The first one is at hand; when it is not taken it may have been changed meanwhile.
    key: async () =>
      asked++ === 0 ? webhookKey : (await readHostSecrets(host.get('source'), config)).webhookKey!,
  });
  host.reporter = reporter;
  reporter.start();
}
