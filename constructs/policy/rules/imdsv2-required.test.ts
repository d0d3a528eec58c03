import { describeRule } from '../../../test/support/synth';
import { imdsv2Required } from './imdsv2-required';

const options = (change: object) => ({
  metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1, ...change },
});

describeRule(imdsv2Required, {
  violations: [
    ['an instance that says nothing', [['aws_instance', {}]], 'metadata_options.http_tokens is null'],
    [
      'an instance that takes tokens or leaves them',
      [['aws_instance', options({ http_tokens: 'optional' })]],
      'metadata_options.http_tokens is "optional"',
    ],
    [
      'a container’s way to the role',
      [['aws_instance', options({ http_put_response_hop_limit: 2 })]],
      'metadata_options.http_put_response_hop_limit is 2',
    ],
    [
      'a launch template, its block in a list',
      [['aws_launch_template', { metadata_options: [{ http_tokens: 'required' }] }]],
      'metadata_options.http_put_response_hop_limit is null',
    ],
    [
      'a launch configuration that says nothing',
      [['aws_launch_configuration', {}]],
      'metadata_options.http_tokens is null',
    ],
  ],
  compliant: [
    ['tokens and one hop', [['aws_instance', options({})]]],
    [
      'tokens and one hop, by a dynamic block',
      [
        [
          'aws_instance',
          { dynamic: { metadata_options: { for_each: ['x'], content: options({}).metadata_options } } },
        ],
      ],
    ],
    ['no metadata service at all', [['aws_instance', { metadata_options: { http_endpoint: 'disabled' } }]]],
    ['another kind of resource', [['aws_sns_topic', {}]]],
  ],
});
