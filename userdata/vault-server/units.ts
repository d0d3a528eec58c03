/** The units of the VM with the environment's own Vault. */
import type { VaultServer } from '../../environments/schema';
import { PATHS, program } from '../paths';
import type { Unit } from '../unit';
import { HARDENED, NO_DEVICES } from '../units/hardening';
import { AFTER_PROVISION, EMULATOR } from '../units/run';
import { keptVmProvisionUnit, timedUnits } from '../vm/units';
import { VAULT_SERVER_PATHS } from './config';
import { VAULT_USERS } from './provision';

const VAULT_SERVICE = 'he300-vault.service';
const FIRST_KEYS_SERVICE = 'he300-vault-first-keys.service';
const GATEWAY_SERVICE = 'he300-gateway.service';
const WATCH_TIMER = 'he300-watch.timer';
const SNAPSHOT_TIMER = 'he300-snapshot.timer';

const OURS = { ...HARDENED, ...NO_DEVICES, ...EMULATOR } as const;
const KEEPER = {
  ...OURS,
  User: VAULT_USERS.keeper.name,
  ReadWritePaths: VAULT_SERVER_PATHS.keeper,
} as const;
const keeper = (command: string): string =>
  `${program('node')} ${VAULT_SERVER_PATHS.program} ${command} ${VAULT_SERVER_PATHS.vm}`;

/** All that the VM has. Only the provisioning starts with a boot; it starts the others when it is done, however often it tried. */
export const vaultServerUnits = ({ snapshotEveryHours }: VaultServer): readonly Unit[] => [
  keptVmProvisionUnit('Brings what Vault needs', [
    VAULT_SERVICE,
    FIRST_KEYS_SERVICE,
    WATCH_TIMER,
    SNAPSHOT_TIMER,
  ]),
  vaultUnit,
  firstKeysUnit,
  gatewayUnit,
  ...timedUnits({
    timer: WATCH_TIMER,
    description: 'Tells the cloud how Vault is',
    first: '1min',
    every: '1min',
    service: {
      ...KEEPER,
      ExecStart: keeper('watch'),
      SupplementaryGroups: 'systemd-journal',
      TimeoutStartSec: '50s',
    },
  }),
  ...timedUnits({
    timer: SNAPSHOT_TIMER,
    description: 'Copies what Vault holds',
    first: '10min',
    every: `${snapshotEveryHours}h`,
    service: { ...KEEPER, ExecStart: keeper('snapshot'), TimeoutStartSec: '1h', Nice: 10 },
  }),
];

const vaultUnit: Unit = {
  name: VAULT_SERVICE,
  // It is started again for ever: nobody sits beside the machine.
  Unit: { Description: 'HashiCorp Vault', ...AFTER_PROVISION, StartLimitIntervalSec: 0 },
  Service: {
    // It says when it listens, which it does sealed as well.
    Type: 'notify',
    ...OURS,
    User: VAULT_USERS.vault.name,
    ReadWritePaths: VAULT_SERVER_PATHS.raft,
    ExecStart: `${program('vault')} server -config=${VAULT_SERVER_PATHS.server}`,
    Restart: 'always',
    RestartSec: '5s',
    TimeoutStopSec: '30s',
    LimitNOFILE: 65_536,
    // What is in its memory is what it keeps.
    LimitCORE: 0,
  },
};

/** Whoever came first could set up a Vault that nobody has: so the VM does it itself, before anybody can reach it. */
const firstKeysUnit: Unit = {
  name: FIRST_KEYS_SERVICE,
  Unit: {
    Description: 'Sets Vault up where nobody has',
    // Wants, and no more: a Vault that starts only at the second attempt would take this, and the gateway, down for good.
    Wants: VAULT_SERVICE,
    After: VAULT_SERVICE,
    StartLimitIntervalSec: 0,
  },
  Service: {
    Type: 'oneshot',
    RemainAfterExit: true,
    ...KEEPER,
    ExecStart: keeper('first-keys'),
    ExecStartPost: `+systemctl start --no-block ${GATEWAY_SERVICE}`,
    Restart: 'on-failure',
    RestartSec: '10s',
    TimeoutStartSec: '2min',
    StandardError: 'journal+console',
  },
};

/** Caddy: gets and renews the certificate of the domain. */
const gatewayUnit: Unit = {
  name: GATEWAY_SERVICE,
  Unit: { Description: 'HTTPS in front of Vault', ...AFTER_PROVISION, StartLimitIntervalSec: 0 },
  Service: {
    Type: 'exec',
    ...OURS,
    User: VAULT_USERS.caddy.name,
    ReadWritePaths: VAULT_SERVER_PATHS.caddy,
    // On the volume, for Let's Encrypt issues five certificates a week, and a VM may be replaced more often.
    Environment: [`XDG_DATA_HOME=${VAULT_SERVER_PATHS.caddy}`, `XDG_CONFIG_HOME=${VAULT_SERVER_PATHS.caddy}`],
    ExecStart: `${program('caddy')} run --config ${PATHS.caddyfile} --adapter caddyfile`,
    Restart: 'always',
    RestartSec: '5s',
    LimitCORE: 0,
    AmbientCapabilities: 'CAP_NET_BIND_SERVICE',
    CapabilityBoundingSet: 'CAP_NET_BIND_SERVICE',
  },
};
