import { blocks, INSTANCES, refersTo, type Attributes, type Rule } from '../rule';

/** Attribute that must be true (`encrypted` ones) or given (`key` ones), by resource type. */
const FLAGS: Readonly<Record<string, string>> = {
  aws_db_instance: 'storage_encrypted',
  aws_ebs_volume: 'encrypted',
  aws_efs_file_system: 'encrypted',
  aws_rds_cluster: 'storage_encrypted',
};
const KEYS: Readonly<Record<string, string>> = { aws_cloudwatch_log_group: 'kms_key_id' };

export const encryptionRequired: Rule = {
  id: 'encryption-required',
  cause: 'what is stored in the clear is read by whoever gets hold of the medium, a snapshot or a backup',
  remedy: 'turn encryption on, with a key where the resource takes one',
  check({ type, address, attributes }, { resources }) {
    if (INSTANCES.includes(type)) return instanceFinding(attributes);
    if (type === 'aws_launch_template') return templateFinding(attributes);
    if (type === 'aws_s3_bucket') {
      const configured = resources.some(
        (r) =>
          r.type === 'aws_s3_bucket_server_side_encryption_configuration' &&
          refersTo(r.attributes.bucket, address),
      );
      return configured ? undefined : 'the bucket has no aws_s3_bucket_server_side_encryption_configuration';
    }
    const flag = FLAGS[type];
    if (flag && attributes[flag] !== true) return `${flag} is ${JSON.stringify(attributes[flag] ?? null)}`;
    const key = KEYS[type];
    return key && !attributes[key] ? `${key} is not set` : undefined;
  },
};

function instanceFinding(attributes: Attributes): string | undefined {
  const root = blocks(attributes, 'root_block_device');
  if (root.length === 0) return 'root_block_device is not described, so the image decides';
  return diskFinding([...root, ...blocks(attributes, 'ebs_block_device')]);
}

function templateFinding(attributes: Attributes): string | undefined {
  const devices = blocks(attributes, 'block_device_mappings');
  if (devices.length === 0) return 'block_device_mappings is not described, so the image decides';
  return diskFinding(devices.flatMap((device) => blocks(device, 'ebs')));
}

/** A launch template takes the flag as a string. */
function diskFinding(disks: readonly Attributes[]): string | undefined {
  const open = disks.find(({ encrypted }) => encrypted !== true && encrypted !== 'true');
  return open ? `a disk's encrypted is ${JSON.stringify(open.encrypted ?? null)}` : undefined;
}
