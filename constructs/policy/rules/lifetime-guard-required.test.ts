import { describeRule, type Resources } from '../../../test/support/synth';
import { lifetimeGuardRequired } from './lifetime-guard-required';

const host = {
  instance_type: 'g5.xlarge',
  instance_initiated_shutdown_behavior: 'terminate',
  tags: { 'he300:role': 'gpu-host', 'he300:time-limit-minutes': '120' },
};
const guard = (input: string, arn = 'arn:aws:scheduler:::aws-sdk:ec2:terminateInstances') =>
  ['aws_scheduler_schedule', { target: { arn, input } }] as const;
const ITS_GUARD = guard('${jsonencode({ InstanceIds = [aws_instance.it[count.index].id] })}');

const without = (change: object): Resources => [['aws_instance', { ...host, ...change }], ITS_GUARD];

describeRule(lifetimeGuardRequired, {
  violations: [
    ['a host that nothing ends', [['aws_instance', host]], 'no aws_scheduler_schedule terminates it'],
    [
      'a host whose guard watches another',
      [['aws_instance', host], guard('${jsonencode({ InstanceIds = [aws_instance.it2.id] })}')],
      'no aws_scheduler_schedule terminates it',
    ],
    [
      'a host whose guard only stops it',
      [
        ['aws_instance', host],
        guard('${aws_instance.it.id}', 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances'),
      ],
      'no aws_scheduler_schedule terminates it',
    ],
    [
      'a host whose guard is switched off',
      [
        ['aws_instance', host],
        ['aws_scheduler_schedule', { ...ITS_GUARD[1], state: 'DISABLED' }],
      ],
      'no aws_scheduler_schedule terminates it',
    ],
    [
      'a host whose guard is there only sometimes',
      [
        ['aws_instance', host],
        ['aws_scheduler_schedule', { ...ITS_GUARD[1], count: '${var.guard ? 1 : 0}' }],
      ],
      'no aws_scheduler_schedule terminates it',
    ],
    [
      'a host that has its type from a template',
      [['aws_instance', { launch_template: { id: 'lt-0123456789abcdef0' } }], ITS_GUARD],
      'the tag he300:time-limit-minutes is null',
    ],
    [
      'a host with another NVIDIA card',
      without({ instance_type: 'gr6.4xlarge', tags: {} }),
      'the tag he300:time-limit-minutes is null',
    ],
    [
      'a host without a limit',
      without({ tags: { 'he300:role': 'gpu-host' } }),
      'the tag he300:time-limit-minutes is null',
    ],
    [
      'a GPU that does not say what it is for',
      without({ tags: {} }),
      'the tag he300:time-limit-minutes is null',
    ],
    [
      'a host whose type is known only to Terraform',
      without({ instance_type: '${local.candidate.instance_type}', tags: {} }),
      'the tag he300:time-limit-minutes is null',
    ],
    [
      'a limit of nothing',
      without({ tags: { ...host.tags, 'he300:time-limit-minutes': '0' } }),
      'the tag he300:time-limit-minutes is "0"',
    ],
    [
      'a host that is only stopped when it powers off',
      without({ instance_initiated_shutdown_behavior: 'stop' }),
      'instance_initiated_shutdown_behavior is "stop"',
    ],
    [
      'a fleet',
      [['aws_ec2_fleet', {}]],
      'its hosts are known only after the apply, so no schedule can end them',
    ],
    [
      'a group that replaces what ends',
      [['aws_autoscaling_group', {}]],
      'its hosts are known only after the apply, so no schedule can end them',
    ],
    [
      'a spot request',
      [['aws_spot_instance_request', {}]],
      'its hosts are known only after the apply, so no schedule can end them',
    ],
    [
      'nodes of a cluster',
      [['aws_eks_node_group', {}]],
      'its hosts are known only after the apply, so no schedule can end them',
    ],
    [
      'a GPU launch template',
      [['aws_launch_template', { instance_type: 'g5.xlarge' }]],
      'launches g5.xlarge without a guard',
    ],
  ],
  compliant: [
    ['a host and its guard', [['aws_instance', host], ITS_GUARD]],
    [
      'a host that is counted together with its guard',
      [
        ['aws_instance', { ...host, count: '${local.count}' }],
        ['aws_scheduler_schedule', { ...ITS_GUARD[1], count: '${local.count}' }],
      ],
    ],
    ['a small machine that is no run', [['aws_instance', { instance_type: 't3.small' }]]],
    ['a template for small machines', [['aws_launch_template', { instance_type: 't3.small' }]]],
  ],
});
