/** When the machine under a VM, or its system, has failed. */
import type { Alarm } from './alarms';

export function hardwareAlarms(region: string, instanceId: string): readonly Alarm[] {
  const ec2 = {
    namespace: 'AWS/EC2',
    dimensions: { InstanceId: instanceId },
    statistic: 'Maximum',
    when: 'above',
    threshold: 0,
    missing: 'fine',
  } as const;
  return [
    {
      ...ec2,
      id: 'hardware',
      says: 'The hardware under the VM has failed; AWS moves it to another.',
      metric: 'StatusCheckFailed_System',
      minutes: 2,
      action: `arn:aws:automate:${region}:ec2:recover`,
    },
    {
      ...ec2,
      id: 'system',
      says: 'The system of the VM does not answer.',
      metric: 'StatusCheckFailed_Instance',
      minutes: 3,
    },
  ];
}
