import { describeRule } from '../../../test/support/synth';
import { encryptionRequired } from './encryption-required';

const disk = { encrypted: true };

describeRule(encryptionRequired, {
  violations: [
    [
      'a root disk that the image decides',
      [['aws_instance', {}]],
      'root_block_device is not described, so the image decides',
    ],
    [
      'an open root disk',
      [['aws_instance', { root_block_device: { encrypted: false } }]],
      "a disk's encrypted is false",
    ],
    [
      'an open second disk',
      [['aws_instance', { root_block_device: [disk], ebs_block_device: [disk, {}] }]],
      "a disk's encrypted is null",
    ],
    [
      'an open disk that a dynamic block makes',
      [
        [
          'aws_instance',
          {
            root_block_device: disk,
            dynamic: { ebs_block_device: { for_each: ['/dev/sdb'], content: { encrypted: false } } },
          },
        ],
      ],
      "a disk's encrypted is false",
    ],
    [
      'a launch template that leaves its disks to the image',
      [['aws_launch_template', {}]],
      'block_device_mappings is not described, so the image decides',
    ],
    [
      'a launch template with an open disk',
      [['aws_launch_template', { block_device_mappings: [{ ebs: { encrypted: 'true' } }, { ebs: {} }] }]],
      "a disk's encrypted is null",
    ],
    [
      'a launch configuration',
      [['aws_launch_configuration', { root_block_device: {} }]],
      "a disk's encrypted is null",
    ],
    ['a volume', [['aws_ebs_volume', {}]], 'encrypted is null'],
    ['a file system', [['aws_efs_file_system', { encrypted: false }]], 'encrypted is false'],
    ['a database', [['aws_db_instance', {}]], 'storage_encrypted is null'],
    ['a database cluster', [['aws_rds_cluster', { storage_encrypted: 'yes' }]], 'storage_encrypted is "yes"'],
    ['a log group without a key', [['aws_cloudwatch_log_group', {}]], 'kms_key_id is not set'],
    [
      'a bucket, though another one is encrypted',
      [
        ['aws_s3_bucket', {}],
        ['aws_s3_bucket', {}],
        ['aws_s3_bucket_server_side_encryption_configuration', { bucket: '${aws_s3_bucket.it2.id}' }],
      ],
      'the bucket has no aws_s3_bucket_server_side_encryption_configuration',
    ],
  ],
  compliant: [
    ['encrypted disks', [['aws_instance', { root_block_device: disk, ebs_block_device: [disk] }]]],
    [
      'an encrypted launch template',
      [['aws_launch_template', { block_device_mappings: { ebs: { encrypted: 'true' } } }]],
    ],
    ['an encrypted database', [['aws_db_instance', { storage_encrypted: true }]]],
    ['a log group with a key', [['aws_cloudwatch_log_group', { kms_key_id: '${aws_kms_key.key.arn}' }]]],
    [
      'a bucket with its configuration',
      [
        ['aws_s3_bucket', {}],
        ['aws_s3_bucket_server_side_encryption_configuration', { bucket: '${aws_s3_bucket.it.id}' }],
      ],
    ],
  ],
});
