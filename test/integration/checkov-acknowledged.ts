/** The one place where a finding of Checkov is accepted, and why. One that no plan has any more fails the suite. */

export interface CheckovAcknowledgement {
  readonly check: string;
  /** Addresses of the resources it is accepted for. */
  readonly resource: RegExp;
  readonly reason: string;
}

const REAPER = /^aws_lambda_function\.reaper_/;
const ARTIFACTS = /^aws_s3_bucket\.artifacts_/;

export const ACKNOWLEDGED: readonly CheckovAcknowledgement[] = [
  {
    check: 'CKV_AWS_126',
    resource: /^aws_instance\.gpu_host_/,
    reason:
      'the runner samples the GPU and the client every second; EC2 sees neither, and its one-minute figures add cost only',
  },
  {
    check: 'CKV2_AWS_5',
    resource: /^aws_security_group\.host-/,
    reason:
      'every candidate region has the group ready; it is attached where the chosen candidate is, and the others stay empty',
  },
  {
    check: 'CKV_AWS_130',
    resource: /^aws_subnet\.network-/,
    reason:
      'a host dials out by its own address: a NAT gateway would cost more than the host; nothing comes in but by its group',
  },
  {
    check: 'CKV_AWS_297',
    resource: /^aws_scheduler_schedule\.(lifetime_guard|reaper_schedule)_/,
    reason:
      'a schedule holds an instance id or nothing, no secret; a key that is disabled must not be able to stop the guard',
  },
  {
    check: 'CKV_AWS_338',
    resource: /^aws_cloudwatch_log_group\./,
    reason:
      'retention is the environment’s (artifacts.logRetentionDays); prod keeps a year, what is kept for audit is in the bucket',
  },
  {
    check: 'CKV_AWS_50',
    resource: REAPER,
    reason:
      'one function that calls EC2 and S3 in turn and logs each decision: a trace shows nothing that the log does not',
  },
  {
    check: 'CKV_AWS_116',
    resource: REAPER,
    reason:
      'it is called again in five minutes and looks at everything anew; a lost call leaves nothing to redeliver',
  },
  {
    check: 'CKV_AWS_117',
    resource: REAPER,
    reason:
      'it talks to AWS and to Lambda Cloud only; inside a VPC it would need a NAT gateway to reach either',
  },
  {
    check: 'CKV_AWS_272',
    resource: REAPER,
    reason:
      'its zip is built here, byte for byte the same, and pinned by its hash in the plan; only the administrator deploys it',
  },
  {
    check: 'CKV_AWS_18',
    resource: ARTIFACTS,
    reason:
      'access logs need a second bucket that has none itself; object access is audited by CloudTrail where an account wants it',
  },
  {
    check: 'CKV_AWS_144',
    resource: ARTIFACTS,
    reason:
      'a result is signed, small and reported to the dashboard too; a run that is lost with a region can be run again',
  },
  {
    check: 'CKV2_AWS_62',
    resource: ARTIFACTS,
    reason: 'nothing listens: a run reports by signed events, not by objects that appear',
  },
  {
    check: 'CKV_AWS_393',
    resource: /^aws_iam_role\.github_(plan|apply)_role_/,
    reason:
      "its pattern does not know GitHub's subjects with ids (repo:OWNER@ID/REPO@ID:…), which cannot be taken over by a rename as names can",
  },
];
