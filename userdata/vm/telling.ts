/**
 * How a VM is, and what it has logged since the last time, to the log group. The figures go as one line in CloudWatch's
 * embedded metric format, so that one call and one permission do for both:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { statfs } from 'node:fs/promises';
import { AwsRefused, type Aws } from './aws';
import { batches, type LogEvent } from './log-batches';

/** Where figures are kept, and the one dimension that tells one VM's from another's. */
export interface Metrics {
  readonly namespace: string;
  readonly dimension: readonly [name: string, value: string];
}

/** @param figures by name; a name that ends in `Percent` is one */
export const metricLine = (
  figures: Readonly<Record<string, number>>,
  { namespace, dimension: [name, value] }: Metrics,
  now: Date,
): LogEvent => ({
  timestamp: +now,
  message: JSON.stringify({
    _aws: {
      Timestamp: +now,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [[name]],
          Metrics: Object.keys(figures).map((Name) => ({
            Name,
            ...(Name.endsWith('Percent') ? { Unit: 'Percent' } : {}),
          })),
        },
      ],
    },
    [name]: value,
    ...figures,
  }),
});

/**
 * @param logStreamName of this VM
 * @throws Error when the log group takes nothing
 */
export async function sendEvents(
  { logGroup: logGroupName }: { readonly logGroup: string },
  logStreamName: string,
  events: readonly LogEvent[],
  aws: Pick<Aws, 'call'>,
): Promise<void> {
  const stream = { logGroupName, logStreamName };
  await aws.call('logs', 'Logs_20140328.CreateLogStream', stream).catch((error: unknown) => {
    if (!(error instanceof AwsRefused && error.kind === 'ResourceAlreadyExistsException')) throw error;
  });
  for (const logEvents of batches(events))
    await aws.call('logs', 'Logs_20140328.PutLogEvents', { ...stream, logEvents });
}

/** Of the fullest of these disks. */
export async function diskUsedPercent(paths: readonly string[]): Promise<number> {
  return Math.max(...(await Promise.all(paths.map(usedPercent))));
}

async function usedPercent(path: string): Promise<number> {
  const { blocks, bfree, bavail } = await statfs(path);
  const used = blocks - bfree;
  return rounded((100 * used) / (used + bavail));
}

/** To two places. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
