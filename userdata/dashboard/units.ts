/** The units of the dashboard's VM. */
import { PATHS, program } from '../paths';
import type { Unit } from '../unit';
import { HARDENED, NO_DEVICES } from '../units/hardening';
import { AFTER_PROVISION, EMULATOR } from '../units/run';
import { keptVmProvisionUnit, timedUnits } from '../vm/units';
import { DASHBOARD_PATHS, type SingleDashboard } from './config';
import { DASHBOARD_USER } from './provision';

const DASHBOARD_SERVICE = 'he300-dashboard.service';
const GATEWAY_SERVICE = 'he300-gateway.service';
const WATCH_TIMER = 'he300-watch.timer';
const BACKUP_TIMER = 'he300-backup.timer';

const node = program('node');
const onVm = (command: string): string =>
  `${node} ${DASHBOARD_PATHS.vmProgram} ${command} ${DASHBOARD_PATHS.config}`;

/** Our own programs: nothing but their data directory can be written, and no device be opened. */
const OURS = {
  ...HARDENED,
  ...NO_DEVICES,
  ReadWritePaths: DASHBOARD_PATHS.data,
  User: DASHBOARD_USER,
  // Later lines win: a test's image redirects AWS by the second.
  EnvironmentFile: [DASHBOARD_PATHS.variables, EMULATOR.EnvironmentFile],
} as const;

/** All that the VM has. Only the provisioning starts with a boot; it starts the others when it is done, however often it tried. */
export const dashboardUnits = ({ domain, backupEveryHours }: SingleDashboard): readonly Unit[] => [
  keptVmProvisionUnit('Brings what the dashboard needs', [
    DASHBOARD_SERVICE,
    ...(domain ? [GATEWAY_SERVICE] : []),
    WATCH_TIMER,
    BACKUP_TIMER,
  ]),
  dashboardUnit,
  ...(domain ? [gatewayUnit] : []),
  ...timedUnits({
    timer: WATCH_TIMER,
    description: 'Tells the cloud how the dashboard is',
    first: '1min',
    every: '1min',
    service: {
      ...OURS,
      ExecStart: onVm('watch'),
      SupplementaryGroups: 'systemd-journal',
      StateDirectory: 'he300-watch',
      TimeoutStartSec: '50s',
    },
  }),
  ...timedUnits({
    timer: BACKUP_TIMER,
    description: 'Backs the database up',
    first: '10min',
    every: `${backupEveryHours}h`,
    service: { ...OURS, ExecStart: onVm('backup'), TimeoutStartSec: '1h', Nice: 10 },
  }),
];

const dashboardUnit: Unit = {
  name: DASHBOARD_SERVICE,
  // It is started again for ever: nobody sits beside the machine.
  Unit: { Description: 'HE-300 dashboard', ...AFTER_PROVISION, StartLimitIntervalSec: 0 },
  Service: {
    Type: 'exec',
    ...OURS,
    // Before the server starts: who wants to sign in finds the first token where the config says.
    ExecStartPre: onVm('first-token'),
    ExecStart: `${node} ${DASHBOARD_PATHS.program} serve`,
    Restart: 'always',
    RestartSec: '2s',
    TimeoutStopSec: '30s',
    LimitNOFILE: 65_536,
  },
};

/** Caddy: gets and renews the certificate of the domain. */
const gatewayUnit: Unit = {
  name: GATEWAY_SERVICE,
  Unit: { Description: 'HTTPS in front of the dashboard', ...AFTER_PROVISION, StartLimitIntervalSec: 0 },
  Service: {
    Type: 'exec',
    ...OURS,
    // On the volume, for Let's Encrypt issues five certificates a week, and a VM may be replaced more often.
    Environment: [
      `XDG_DATA_HOME=${DASHBOARD_PATHS.data}/caddy`,
      `XDG_CONFIG_HOME=${DASHBOARD_PATHS.data}/caddy`,
    ],
    ExecStart: `${program('caddy')} run --config ${PATHS.caddyfile} --adapter caddyfile`,
    Restart: 'always',
    RestartSec: '5s',
    AmbientCapabilities: 'CAP_NET_BIND_SERVICE',
    CapabilityBoundingSet: 'CAP_NET_BIND_SERVICE',
  },
};
