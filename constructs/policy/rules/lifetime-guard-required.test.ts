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
      'a GPU launch template',
      [['aws_launch_template', { instance_type: 'g5.xlarge' }]],
      'launches g5.xlarge without a guard',
    ],
  ],
  compliant: [
    ['a host and its guard', [['aws_instance', host], ITS_GUARD]],
    ['a small machine that is no run', [['aws_instance', { instance_type: 't3.small' }]]],
    ['a template for small machines', [['aws_launch_template', { instance_type: 't3.small' }]]],
  ],
});
