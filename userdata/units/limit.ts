/** The first of the three layers of the time limit, and the way by which everything that fails ends the host. */
import type { Unit } from '../unit';
import { HARDENED, NO_DEVICES } from './hardening';

/** Minutes before the cloud ends the host at which the host does so itself, to leave by the front door. */
const BEFORE_THE_CLOUD = 2;

/**
 * Early in the boot the usual dependencies of a unit are not there yet: the timer would wait for a target that itself
 * waits for cloud-init, which waits for the timer.
 */
const EARLY = {
  DefaultDependencies: false,
  Conflicts: 'shutdown.target',
  Before: 'shutdown.target',
} as const;

export const LIMIT_TIMER = 'he300-limit.timer';

export const limitUnits = (timeLimitMinutes: number): readonly [timer: Unit, service: Unit] => [
  {
    name: LIMIT_TIMER,
    Unit: { Description: 'Time limit of the host', ...EARLY },
    // From the boot, not from now: systemd counts OnActiveSec anew whenever it reads its units again, as every installation
    // of a package makes it do.
    Timer: { OnBootSec: `${timeLimitMinutes - BEFORE_THE_CLOUD}min`, AccuracySec: '1s' },
    Install: { WantedBy: 'timers.target' },
  },
  powerOff('he300-limit.service', 'Powers the host off at its time limit'),
];

export const OFF_SERVICE = 'he300-off.service';

export const offUnit: Unit = powerOff(OFF_SERVICE, 'Powers the host off because something failed');

function powerOff(name: string, description: string): Unit {
  return {
    name,
    Unit: {
      Description: description,
      ...EARLY,
      // Were this very service not to start, systemd goes on without it.
      OnFailure: 'poweroff.target',
      OnFailureJobMode: 'replace-irreversibly',
    },
    Service: {
      Type: 'oneshot',
      ExecStart: 'systemctl --no-block poweroff',
      StandardOutput: 'journal+console',
      ...HARDENED,
      ...NO_DEVICES,
      CapabilityBoundingSet: 'CAP_SYS_BOOT',
      RestrictAddressFamilies: 'AF_UNIX',
    },
  };
}
