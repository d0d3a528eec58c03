/**
 * Once a minute: how the dashboard is, and what it has logged since the last minute, to the log group. The figures go as one
 * line in CloudWatch's embedded metric format, so that one call and one permission do for both:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { readFile, statfs } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { VmConfig } from '../config';
import { AwsRefused, type Aws } from './aws';
import { LAST_BACKUP, type LastBackup } from './backup';
import { batches, type LogEvent } from './log-batches';

export interface Health {
  readonly Healthy: 0 | 1;
  /** Of the fuller one of both disks. */
  readonly DiskUsedPercent: number;
  /** Since the last good backup; since the boot where there has been none. */
  readonly BackupAgeHours: number;
}

const READY_LIMIT_MS = 10_000;
const HOUR_MS = 3_600_000;

export async function lookAtHealth(
  { port, dataDir }: Pick<VmConfig, 'port' | 'dataDir'>,
  now: Date,
): Promise<Health> {
  const ready = await fetch(`http://127.0.0.1:${port}/readyz`, {
    signal: AbortSignal.timeout(READY_LIMIT_MS),
  }).catch(() => undefined);
  const used = await Promise.all(['/', dataDir].map(usedPercent));
  return {
    Healthy: ready?.ok ? 1 : 0,
    DiskUsedPercent: Math.max(...used),
    BackupAgeHours: await backupAgeHours(dataDir, now),
  };
}

async function usedPercent(path: string): Promise<number> {
  const { blocks, bfree, bavail } = await statfs(path);
  const used = blocks - bfree;
  return round((100 * used) / (used + bavail));
}

async function backupAgeHours(dataDir: string, now: Date): Promise<number> {
  const text = await readFile(join(dataDir, LAST_BACKUP), 'utf8').catch(() => undefined);
  const since = text === undefined ? uptime() * 1000 : +now - Date.parse((JSON.parse(text) as LastBackup).at);
  return round(since / HOUR_MS);
}

const round = (value: number): number => Math.round(value * 100) / 100;

export const metricLine = (
  health: Health,
  { namespace, dashboard }: VmConfig['metrics'],
  now: Date,
): LogEvent => ({
  timestamp: +now,
  message: JSON.stringify({
    _aws: {
      Timestamp: +now,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [['Dashboard']],
          Metrics: [
            { Name: 'Healthy' },
            { Name: 'DiskUsedPercent', Unit: 'Percent' },
            { Name: 'BackupAgeHours' },
          ],
        },
      ],
    },
    Dashboard: dashboard,
    ...health,
  }),
});

/**
 * @param logStreamName of this VM
 * @throws Error when the log group takes nothing
 */
export async function sendEvents(
  { logGroup: logGroupName }: Pick<VmConfig, 'logGroup'>,
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
