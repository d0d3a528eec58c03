/** The one place where a finding of Checkov is accepted, and why. One that no plan has any more fails the suite. */

export interface CheckovAcknowledgement {
  readonly check: string;
  /** Addresses of the resources it is accepted for. */
  readonly resource: RegExp;
  readonly reason: string;
}

const REAPER = /^aws_lambda_function\.reaper_/;
const BALANCER = /^aws_lb\.dashboard_balancer_/;
const DATABASE = /^aws_db_instance\.dashboard_database_/;
const SERVICE = /^aws_ecs_service\.dashboard_containers_/;
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
  {
    check: 'CKV2_AWS_19',
    resource: /^aws_eip\.dashboard_elastic-ip_/,
    reason:
      'it belongs to the network interface, which the VM has and which outlives it; the check knows instances only',
  },
  {
    check: 'CKV_AWS_126',
    resource: /^aws_instance\.dashboard_vm_/,
    reason: 'status checks come every minute anyway, and the VM itself sends what else an alarm looks at',
  },
  {
    check: 'CKV_AWS_260',
    resource: /^aws_vpc_security_group_ingress_rule\.dashboard_balancer_security-group_in-80-/,
    reason: 'port 80 of a public dashboard answers nothing but where HTTPS is',
  },
  {
    check: 'CKV2_AWS_28',
    resource: BALANCER,
    reason:
      'the server limits requests by itself, bounds every body, and takes no unsigned delivery; a firewall of the web is for whoever wants to pay for it',
  },
  {
    check: 'CKV_AWS_91',
    resource: BALANCER,
    reason:
      'the server logs each request; access logs need a bucket of its own, for they cannot be encrypted with our key',
  },
  {
    check: 'CKV_AWS_65',
    resource: /^aws_ecs_cluster\.dashboard_containers_/,
    reason:
      'alarms look at what the balancer sees of two containers; insights would cost as much as one of them',
  },
  {
    check: 'CKV_AWS_332',
    resource: SERVICE,
    reason: '1.4.0 is the latest; a later one is taken when it has been tried, not by itself',
  },
  {
    check: 'CKV_AWS_333',
    resource: SERVICE,
    reason: 'the way out without a NAT gateway, as the hosts have it; the group lets in the balancer alone',
  },
  {
    check: 'CKV2_AWS_30',
    resource: DATABASE,
    reason: 'queries hold texts of prompts and answers, which do not belong into a log; errors are logged',
  },
  {
    check: 'CKV_AWS_118',
    resource: DATABASE,
    reason:
      'alarms look at its disk and its processor; a role that the database writes metrics with would be one more to look after',
  },
  {
    check: 'CKV_AWS_161',
    resource: DATABASE,
    reason:
      'a token of IAM is good for a quarter of an hour, and a pool connects whenever it likes; the password is made, kept and changed by AWS',
  },
  {
    check: 'CKV_AWS_353',
    resource: DATABASE,
    reason: 'the smallest classes do not have it, and a few queries a second need no insights',
  },
];
