/** Units that every VM has which outlives runs: its provisioning, and what it does again and again. */
import { PATHS } from '../paths';
import type { Unit } from '../unit';
import { AFTER_PROVISION, EMULATOR, PROVISION_SERVICE } from '../units/run';

/**
 * It installs packages, formats and mounts, so nothing is taken from it.
 * @param starts units that it starts when it is done, however often it tried
 */
export const keptVmProvisionUnit = (description: string, starts: readonly string[]): Unit => ({
  name: PROVISION_SERVICE,
  Unit: {
    Description: description,
    Wants: 'network-online.target',
    After: 'network-online.target',
    StartLimitIntervalSec: 0,
  },
  Service: {
    Type: 'oneshot',
    RemainAfterExit: true,
    ...EMULATOR,
    ExecStart: PATHS.provision,
    ExecStartPost: `systemctl start --no-block ${starts.join(' ')}`,
    Restart: 'on-failure',
    RestartSec: '30s',
    TimeoutStartSec: '30min',
    StandardOutput: 'journal+console',
  },
  Install: { WantedBy: 'multi-user.target' },
});

export interface TimedProps {
  /** Name of the timer; its service is called alike. */
  readonly timer: string;
  readonly description: string;
  /** After the boot, as systemd writes it: `10min`. */
  readonly first: string;
  /** After the time before. */
  readonly every: string;
  /** Of the service: what it runs, and as whom. */
  readonly service: Unit['Service'];
}

/** A timer and the service that it starts. */
export function timedUnits({ timer, description, first, every, service }: TimedProps): readonly Unit[] {
  const name = timer.replace('.timer', '.service');
  const about = { Description: description, ...AFTER_PROVISION };
  return [
    {
      name: timer,
      Unit: about,
      Timer: { OnBootSec: first, OnUnitActiveSec: every, AccuracySec: '1s', Unit: name },
    },
    { name, Unit: about, Service: { Type: 'oneshot', ...service } },
  ];
}
