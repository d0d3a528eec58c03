import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { AwsGpuHost } from '../constructs/gpu-host/aws-gpu-host';
import { AwsRunnerHost } from '../constructs/runner-host/aws-runner-host';
import { CandidateSelection } from '../constructs/gpu-host/candidate-selection';
import { HostRole } from '../constructs/identity/host-role';
import { LifetimeGuardRole } from '../constructs/lifetime/lifetime-guard';
import { RunnerBundle } from '../constructs/storage/runner-bundle';
import { TAG } from '../constructs/naming/tags';
import { regionsOf } from '../environments/regions';
import { runnerHostOf } from '../environments/runner-host';
import type { Environment, Region } from '../environments/schema';
import { encodeForAws } from '../userdata/encode';
import { gpuHostConfig, runnerHostConfig } from '../userdata/host-config';
import { userData } from '../userdata/user-data';
import { EnvironmentStack } from './environment-stack';

export interface BenchHostStackProps {
  readonly environment: Environment;
  /**
   * Index of the candidate to launch on (`HE300_CANDIDATE`).
   * @default - the first candidate
   */
  readonly candidate?: string | undefined;
  /**
   * Id of the run that the host continues (`HE300_RESUME`).
   * @default - a new run
   */
  readonly resumeRunId?: string | undefined;
  readonly bundle: { readonly path: string; readonly sha256: string };
}

/** `<env>`: one run in flight. A deploy launches it when there is none and changes nothing while it is alive. */
export class BenchHostStack extends EnvironmentStack {
  constructor(scope: Construct, props: BenchHostStackProps) {
    const env = props.environment;
    super(scope, env.name, env);

    const bundle = new RunnerBundle(this, 'bundle', {
      environment: env,
      path: props.bundle.path,
      sha256: props.bundle.sha256,
    });
    const selection = new CandidateSelection(this, 'candidates', {
      environment: env,
      requested: props.candidate,
      providers: this.providers,
    });
    const hostRole = new HostRole(this, 'host-role', { environment: env });
    const guardRole = new LifetimeGuardRole(this, 'guard-role', { environment: env });
    const { adminCidrs } = env.network;
    const told = {
      environment: env,
      bundle: { key: bundle.key, sha256: bundle.sha256 },
      resumeRunId: props.resumeRunId,
    };
    const cache = env.modelServer.kind === 'ollama' ? env.modelServer.cache : undefined;
    const onGpuHost = encodeForAws(userData({ host: gpuHostConfig(told), adminCidrs, cache }));
    const shared = (region: Region) => ({
      environment: env,
      region,
      provider: this.providers.get(region)!,
      selection,
      instanceProfileName: hostRole.instanceProfileName,
      guardRoleArn: guardRole.arn,
      fetches: bundle.object,
      resumeRunId: props.resumeRunId,
    });
    const hosts = regionsOf(env).map(
      (region) => new AwsGpuHost(this, `host-${region}`, { ...shared(region), userDataBase64: onGpuHost }),
    );
    const host = one(hosts);
    let driver = host;
    const [runner, runnerConfig] = [runnerHostOf(env), runnerHostConfig(told)];
    if (runner && runnerConfig) {
      const userDataBase64 = encodeForAws(userData({ host: runnerConfig, adminCidrs }));
      driver = one(
        regionsOf(env).map(
          (region, i) =>
            new AwsRunnerHost(this, `runner-${region}`, {
              ...shared(region),
              userDataBase64,
              runner,
              gpuHost: hosts[i]!,
            }),
        ),
      );
      this.output('runner_instance_id', `\${${driver}.id}`);
    }

    // The tag, not the variable, says which run a host continues: a diff without the variable stays clean.
    this.output('run_id', `\${lookup(${driver}.tags, "${TAG.resumes}", "${env.name}-\${${driver}.id}")}`);
    this.output('instance_id', `\${${host}.id}`);
    this.output('candidate', selection.chosen.key);
    this.output('time_limit_minutes', env.run.timeLimitMinutes);
    this.output('bundle_sha256', bundle.sha256);
  }

  private output(name: string, value: unknown): void {
    new TerraformOutput(this, `output-${name}`, { value }).overrideLogicalId(name);
  }
}

/** Terraform expression of the one instance that there is in all regions together. */
const one = (hosts: readonly { readonly instanceAddress: string }[]): string =>
  `one(concat(${hosts.map(({ instanceAddress }) => `${instanceAddress}[*]`).join(', ')}))`;
