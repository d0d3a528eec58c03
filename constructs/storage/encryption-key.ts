import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { policyDocument } from '../identity/policy-document';
import { namesOf } from '../naming/names';

export interface EncryptionKeyProps {
  readonly environment: Environment;
}

/** The environment's own key: artifacts, logs and parameters are encrypted with it; it turns every year. */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment: env }: EncryptionKeyProps) {
    super(scope, id);
    const names = namesOf(env);
    const logGroups = `arn:aws:logs:${env.homeRegion}:${env.accountId}:log-group:*`;
    const key = new KmsKey(this, 'key', {
      description: `Artifacts, logs and parameters of ${names.prefix}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument(
        // Without this statement nobody, the account's administrator included, could ever change the key again.
        {
          Sid: 'Account',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${env.accountId}:root` },
          Action: ['kms:*'],
          Resource: ['*'],
        },
        {
          Sid: 'Logs',
          Effect: 'Allow',
          Principal: { Service: `logs.${env.homeRegion}.amazonaws.com` },
          Action: [
            'kms:Encrypt',
            'kms:Decrypt',
            'kms:ReEncryptFrom',
            'kms:ReEncryptTo',
            'kms:GenerateDataKey',
            'kms:DescribeKey',
          ],
          Resource: ['*'],
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
        },
        {
          Sid: 'FlowLogs',
          Effect: 'Allow',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'],
          Resource: ['*'],
          Condition: { StringEquals: { 'aws:SourceAccount': env.accountId } },
        },
        {
          Sid: 'Alarms',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
          Resource: ['*'],
          Condition: { StringEquals: { 'aws:SourceAccount': env.accountId } },
        },
      ),
    });
    new KmsAlias(this, 'alias', { name: names.keyAlias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
