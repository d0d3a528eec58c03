import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { Construct } from 'constructs';

export interface LogGroupProps {
  readonly name: string;
  readonly retentionDays: number;
  readonly keyArn: string;
}

/** A log group that exists before its first writer does, so that it is encrypted and forgets. */
export class LogGroup extends Construct {
  constructor(scope: Construct, id: string, { name, retentionDays, keyArn }: LogGroupProps) {
    super(scope, id);
    new CloudwatchLogGroup(this, 'group', { name, retentionInDays: retentionDays, kmsKeyId: keyArn });
  }
}
