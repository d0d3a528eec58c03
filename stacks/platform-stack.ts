import { SchedulerScheduleGroup } from '@cdktf/provider-aws/lib/scheduler-schedule-group';
import type { Construct } from 'constructs';
import { GithubOidc } from '../constructs/identity/github-oidc';
import { RunBoundary } from '../constructs/identity/run-boundary';
import { Reaper } from '../constructs/lifetime/reaper';
import { namesOf } from '../constructs/naming/names';
import { HostNetwork } from '../constructs/network/host-network';
import { ArtifactBucket } from '../constructs/storage/artifact-bucket';
import { EncryptionKey } from '../constructs/storage/encryption-key';
import { LogGroup } from '../constructs/storage/log-group';
import type { Environment } from '../environments/schema';
import { EnvironmentStack } from './environment-stack';

export interface PlatformStackProps {
  readonly environment: Environment;
  readonly reaperZip: { readonly path: string; readonly sha256Base64: string };
}

/** `<env>-platform`: what outlives a run. Deployed once, by an administrator. */
export class PlatformStack extends EnvironmentStack {
  constructor(scope: Construct, { environment: env, reaperZip }: PlatformStackProps) {
    super(scope, `${env.name}-platform`, env);
    const names = namesOf(env);

    const key = new EncryptionKey(this, 'key', { environment: env });
    const artifacts = new ArtifactBucket(this, 'artifacts', { environment: env, keyArn: key.arn });
    for (const [id, name] of [
      ['host-log', names.logGroups.host],
      ['reaper-log', names.logGroups.reaper],
    ] as const) {
      new LogGroup(this, id, { name, retentionDays: env.artifacts.logRetentionDays, keyArn: key.arn });
    }

    // Every region gets what its hosts need there: a schedule group for the guard, and a network unless one exists.
    const groups = new Map(
      [...this.providers].map(([region, provider]) => [
        region,
        new SchedulerScheduleGroup(this, `schedules-${region}`, { provider, name: names.scheduleGroup }),
      ]),
    );
    if (env.network.vpc.kind === 'managed') {
      for (const [region, provider] of this.providers) {
        new HostNetwork(this, `network-${region}`, {
          environment: env,
          region,
          provider,
          cidr: env.network.vpc.cidr,
          flowLogBucketArn: artifacts.arn,
        });
      }
    }

    new RunBoundary(this, 'run-boundary', { environment: env });
    if (env.github) new GithubOidc(this, 'github', { environment: env, github: env.github });
    new Reaper(this, 'reaper', {
      environment: env,
      scheduleGroup: groups.get(env.homeRegion)!.name,
      zipPath: reaperZip.path,
      zipSha256Base64: reaperZip.sha256Base64,
    });
  }
}
