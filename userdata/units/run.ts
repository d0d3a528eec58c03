/** Our own programs as services: what prepares the host, the supervisor, and what looks after its health. */
import { HOST_PATHS } from '@he300/benchmark/contract';
import { dirname } from 'node:path';
import { REFUSED_EXIT_CODE } from '../fetch-bundle/exit-code';
import { PATHS, program } from '../paths';
import type { Unit } from '../unit';
import { GPU_DEVICES, HARDENED } from './hardening';
import { OFF_SERVICE } from './limit';

export const PROVISION_SERVICE = 'he300-provision.service';
export const RUN_SERVICE = 'he300-run.service';
export const HEALTH_TIMER = 'he300-health.timer';

/** For every unit that needs what the provisioning brings. */
export const AFTER_PROVISION = { Requires: PROVISION_SERVICE, After: PROVISION_SERVICE } as const;
export const EMULATOR = { EnvironmentFile: `-${HOST_PATHS.environment}` } as const;

/** It installs packages and units, so nothing is taken from it. */
export const provisionUnit: Unit = {
  name: PROVISION_SERVICE,
  Unit: {
    Description: 'Brings what the run needs',
    Wants: 'network-online.target',
    After: 'network-online.target',
    OnFailure: OFF_SERVICE,
  },
  Service: {
    Type: 'oneshot',
    RemainAfterExit: true,
    ...EMULATOR,
    ExecStart: PATHS.provision,
    TimeoutStartSec: '40min',
    // What a cloud keeps of a host that is gone is what stood on its console.
    StandardOutput: 'journal+console',
  },
};

const runner = `${program('node')} ${HOST_PATHS.bundle}`;

/** The supervisor and the health check are root for `wg`, `nft` and the power switch, and have those powers alone. */
const OURS = {
  ...EMULATOR,
  ...HARDENED,
  ...GPU_DEVICES,
  StateDirectory: 'he300',
  StateDirectoryMode: '0700',
  RestrictAddressFamilies: `${HARDENED.RestrictAddressFamilies} AF_NETLINK`,
  SystemCallFilter: '@system-service',
} as const;

export interface RunUnitProps {
  /** Whether user data brought the bundle; else it is fetched first. */
  readonly isBundleBrought: boolean;
  /** Services that it must not be without. They start beside it: what it needs of them it waits for itself. */
  readonly needs: readonly string[];
  /** Services that it looks after itself: it tells of them while they start, which may take long. */
  readonly beside: readonly string[];
}

/** The fetcher checks the bundle's hash, also where it is there already. */
const fetchedRunner = `${program('node')} ${PATHS.fetcher} ${HOST_PATHS.config} ${HOST_PATHS.bundle}`;

export const runUnit = ({ isBundleBrought, needs, beside }: RunUnitProps): Unit => ({
  name: RUN_SERVICE,
  Unit: {
    Description: 'One HE-300 run',
    Requires: [PROVISION_SERVICE, ...needs].join(' '),
    After: PROVISION_SERVICE,
    ...(beside.length > 0 ? { Wants: beside.join(' ') } : {}),
    OnFailure: OFF_SERVICE,
    // A supervisor that has nothing more to do must not leave a host behind.
    SuccessAction: 'poweroff',
    StartLimitIntervalSec: '30min',
    StartLimitBurst: 5,
  },
  Service: {
    Type: 'exec',
    ExecStart: `${isBundleBrought ? runner : fetchedRunner} host`,
    Restart: 'on-failure',
    RestartSec: '2s',
    RestartPreventExitStatus: REFUSED_EXIT_CODE,
    // What a cloud keeps of a host that is gone is what stood on its console: why there was no bundle, or no supervisor.
    StandardError: 'journal+console',
    // The way out of a host that must go takes 95 s at most (phases/off.ts): who is ended before has not given its token back.
    TimeoutStopSec: '100s',
    // The supervisor stops the runner itself: a second signal would end it before it has signed what it has.
    KillMode: 'mixed',
    // The model server goes first when memory runs out: the supervisor has to tell of it.
    OOMScoreAdjust: -500,
    LimitNOFILE: 65_536,
    ...OURS,
    // PTRACE for the settings of the model server, which the kernel shows to its own user alone.
    CapabilityBoundingSet: 'CAP_NET_ADMIN CAP_SYS_BOOT CAP_SYS_PTRACE',
    ProtectProc: 'default',
    ...(isBundleBrought ? {} : { ReadWritePaths: dirname(HOST_PATHS.bundle) }),
    RuntimeDirectory: 'he300',
    RuntimeDirectoryPreserve: true,
  },
  Install: { WantedBy: 'multi-user.target' },
});

export const healthUnits: readonly [timer: Unit, service: Unit] = [
  {
    name: HEALTH_TIMER,
    Unit: { Description: 'Looks after the host every five minutes', ...AFTER_PROVISION },
    Timer: { OnBootSec: '5min', OnUnitActiveSec: '5min' },
    Install: { WantedBy: 'timers.target' },
  },
  {
    name: 'he300-health.service',
    Unit: {
      Description: 'Looks after the host',
      ...AFTER_PROVISION,
      ConditionPathExists: HOST_PATHS.bundle,
    },
    Service: {
      Type: 'oneshot',
      ExecStart: `${runner} health`,
      TimeoutStartSec: '60s',
      ...OURS,
      CapabilityBoundingSet: 'CAP_NET_ADMIN',
    },
  },
];
