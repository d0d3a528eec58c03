import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import type { TerraformCount } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { regionsOf } from '../../environments/regions';
import { policyDocument, serviceTrust } from '../identity/policy-document';
import { ServiceRole } from '../identity/service-role';
import { terminateOwnHosts } from '../identity/terminate';
import { namesOf } from '../naming/names';
import { TERMINATE_TARGET_ARN } from './terminate-target';

/** Role by which the scheduler ends a host; one for all regions of an environment. */
export class LifetimeGuardRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment }: { readonly environment: Environment }) {
    super(scope, id);
    const names = namesOf(environment);
    this.arn = new ServiceRole(this, 'role', {
      roleName: names.guardRole,
      description: 'Ends a GPU host at its time limit, and does nothing else',
      trust: serviceTrust(
        'scheduler.amazonaws.com',
        environment.accountId,
        `arn:aws:scheduler:*:${environment.accountId}:schedule-group/${names.scheduleGroup}`,
      ),
      policy: policyDocument(terminateOwnHosts(environment, regionsOf(environment))),
      permissionsBoundary: names.arn.policy(names.hostBoundary),
    }).arn;
  }
}

export interface LifetimeGuardProps {
  readonly environment: Environment;
  readonly provider: AwsProvider;
  readonly roleArn: string;
  /** Address of the `aws_instance` without index, such as `aws_instance.gpu_host_us_east_1`. */
  readonly instanceAddress: string;
  /** How many such instances there are; the guard has as many. */
  readonly count: TerraformCount;
  /** Logical id of the schedule. */
  readonly logicalId: string;
}

/**
 * The second of the three layers of the time limit: a one-shot schedule of the cloud's own that terminates this very
 * instance. It holds when the host never boots, when its timer is broken, and when nobody runs Terraform again.
 */
export class LifetimeGuard extends Construct {
  constructor(scope: Construct, id: string, props: LifetimeGuardProps) {
    super(scope, id);
    const { environment: env, instanceAddress } = props;
    const names = namesOf(env);
    new SchedulerSchedule(this, 'schedule', {
      provider: props.provider,
      count: props.count,
      // The name carries the host's id, so a new host replaces the schedule. `replace_triggered_by` would not: Terraform
      // fires it when the host is replaced, not when it is created because the last one ended by itself.
      name: `\${"${names.guardSchedule}-\${${instanceAddress}[count.index].id}"}`,
      groupName: names.scheduleGroup,
      description: `Terminates the GPU host ${env.run.timeLimitMinutes} minutes after its launch`,
      // timestamp() is the time of the apply, so a plan that is reviewed for an hour does not shorten the run.
      scheduleExpression: `at(\${formatdate("YYYY-MM-DD'T'hh:mm:ss", timeadd(timestamp(), "${env.run.timeLimitMinutes}m"))})`,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: TERMINATE_TARGET_ARN,
        roleArn: props.roleArn,
        input: `\${jsonencode({ InstanceIds = [${instanceAddress}[count.index].id] })}`,
        retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86400 },
      },
      // Otherwise every plan would move the limit.
      lifecycle: { ignoreChanges: ['schedule_expression', 'description'] },
    }).overrideLogicalId(props.logicalId);
  }
}
