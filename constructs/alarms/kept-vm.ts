/** When somebody must look after a VM that outlives runs: its machine, and the figures that its own program sends. */
import type { Alarm } from './alarms';
import { hardwareAlarms } from './hardware';

export interface KeptVmAlarmsProps {
  readonly region: string;
  readonly instanceId: string;
  /** Of the figures that it sends. */
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** What is wrong when it is not healthy. */
  readonly unhealthy: string;
  /** What it copies, in hours: `<Id>AgeHours` is the age of the last good one. */
  readonly copies: { readonly id: 'backup' | 'snapshot'; readonly everyHours: number };
}

const AGE_METRICS = { backup: 'BackupAgeHours', snapshot: 'SnapshotAgeHours' } as const;

export function keptVmAlarms(props: KeptVmAlarmsProps): readonly Alarm[] {
  const { region, instanceId, namespace, dimensions, unhealthy, copies } = props;
  const ours = { namespace, dimensions, statistic: 'Maximum', minutes: 5 } as const;
  return [
    ...hardwareAlarms(region, instanceId),
    {
      ...ours,
      id: 'health',
      says: unhealthy,
      metric: 'Healthy',
      when: 'below',
      threshold: 1,
      missing: 'bad',
    },
    {
      ...ours,
      id: 'disk',
      says: 'A disk of the VM is nearly full.',
      metric: 'DiskUsedPercent',
      when: 'above',
      threshold: 80,
      missing: 'fine',
    },
    {
      ...ours,
      id: copies.id,
      says: `The last good ${copies.id} is older than two ${copies.id}s should be apart.`,
      metric: AGE_METRICS[copies.id],
      when: 'above',
      threshold: 2 * copies.everyHours + 1,
      missing: 'fine',
    },
  ];
}
