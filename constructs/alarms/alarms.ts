import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';

export interface Alarm {
  /** Part of its name. */
  readonly id: string;
  /** What is wrong when it rings, one sentence. */
  readonly says: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Average' | 'Maximum' | 'Minimum' | 'Sum';
  readonly when: 'above' | 'below';
  readonly threshold: number;
  /** Minutes for which it must hold. */
  readonly minutes: number;
  /** What no figure means. */
  readonly missing: 'bad' | 'fine';
  /** What AWS does about it, besides telling. @default - nothing */
  readonly action?: string;
}

export interface AlarmsProps {
  /** Of the topic, and the beginning of every alarm's. */
  readonly name: string;
  readonly keyArn: string;
  /** Who is told. @default - nobody */
  readonly email?: string | undefined;
  readonly alarms: readonly Alarm[];
}

/** Alarms, and the topic that tells of them. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { name, keyArn, email, alarms }: AlarmsProps) {
    super(scope, id);
    const topic = new SnsTopic(this, 'topic', { name, kmsMasterKeyId: keyArn });
    if (email)
      new SnsTopicSubscription(this, 'email', { topicArn: topic.arn, protocol: 'email', endpoint: email });
    for (const alarm of alarms) new CloudwatchMetricAlarm(this, alarm.id, configOf(name, topic.arn, alarm));
  }
}

const configOf = (name: string, topicArn: string, alarm: Alarm): CloudwatchMetricAlarmConfig => ({
  alarmName: `${name}-${alarm.id}`,
  alarmDescription: alarm.says,
  namespace: alarm.namespace,
  metricName: alarm.metric,
  dimensions: { ...alarm.dimensions },
  statistic: alarm.statistic,
  comparisonOperator: alarm.when === 'above' ? 'GreaterThanThreshold' : 'LessThanThreshold',
  threshold: alarm.threshold,
  period: 60,
  evaluationPeriods: alarm.minutes,
  datapointsToAlarm: alarm.minutes,
  treatMissingData: alarm.missing === 'bad' ? 'breaching' : 'notBreaching',
  alarmActions: [topicArn, ...(alarm.action ? [alarm.action] : [])],
  okActions: [topicArn],
});
