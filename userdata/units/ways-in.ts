/** What lets others reach the host: the firewall, Caddy in direct mode, the tailnet's daemon. */
import { HOST_PATHS } from '@he300/benchmark/contract';
import { PATHS, program } from '../paths';
import { word, type Unit } from '../unit';
import { HARDENED, NO_DEVICES } from './hardening';
import { OFF_SERVICE } from './limit';
import { AFTER_PROVISION } from './run';

const WITH_BOOT = { WantedBy: 'multi-user.target' } as const;

/** Loaded before a server that listens on every interface. */
export const FIREWALL_SERVICE = 'he300-firewall.service';

export const firewallUnit: Unit = {
  name: FIREWALL_SERVICE,
  Unit: {
    Description: 'Lets in what the network mode needs, and nothing else',
    ...AFTER_PROVISION,
    // The run waits for it, and a unit that waits in vain does not fail.
    OnFailure: OFF_SERVICE,
  },
  Service: {
    Type: 'oneshot',
    RemainAfterExit: true,
    ExecStart: `/usr/sbin/nft --file ${PATHS.firewall}`,
    ...HARDENED,
    ...NO_DEVICES,
    CapabilityBoundingSet: 'CAP_NET_ADMIN',
    RestrictAddressFamilies: 'AF_NETLINK',
    // Root alone may load rules, and none of its own files are needed for it.
    SystemCallFilter: ['@system-service', '~@resources'],
  },
  Install: WITH_BOOT,
};

/** A key that the supervisor lays down starts what needs it: so no key is ever passed around, nor waited for in vain. */
const startedBy = (file: string, service: string, what: string): Unit => ({
  name: service.replace('.service', '.path'),
  Unit: { Description: `Starts ${what} when its key is there` },
  Path: { PathExists: file, Unit: service },
  Install: WITH_BOOT,
});

const GATEWAY = 'he300-gateway.service';

/** Caddy: the certificate, the allow list and the API key in front of a server that knows none of them. */
export const gatewayUnits: readonly Unit[] = [
  startedBy(HOST_PATHS.gatewayEnvironment, GATEWAY, 'the gateway'),
  {
    name: GATEWAY,
    Unit: { Description: 'HTTPS in front of the model server', ...AFTER_PROVISION },
    Service: {
      Type: 'exec',
      DynamicUser: true,
      StateDirectory: 'he300-gateway',
      Environment: ['XDG_DATA_HOME=/var/lib/he300-gateway', 'XDG_CONFIG_HOME=/var/lib/he300-gateway'],
      EnvironmentFile: HOST_PATHS.gatewayEnvironment,
      // An empty key would let everybody in. The shell looks at it, for whoever is on the host sees a command line.
      ExecStartPre: '/bin/sh -c \'test -n "$$HE300_MODEL_API_KEY"\'',
      ExecStart: `${program('caddy')} run --config ${PATHS.caddyfile} --adapter caddyfile`,
      Restart: 'on-failure',
      RestartSec: '5s',
      ...HARDENED,
      ...NO_DEVICES,
      AmbientCapabilities: 'CAP_NET_BIND_SERVICE',
      CapabilityBoundingSet: 'CAP_NET_BIND_SERVICE',
    },
  },
];

const TAILSCALED = 'he300-tailscaled.service';
const JOIN = 'he300-tailnet.service';
const SOCKET = '/run/he300-tailscale/tailscaled.sock';

/** @param tag ACL tag that the host joins with @param hostName its name in the tailnet */
export const tailscaleUnits = (tag: string, hostName: string): readonly Unit[] => [
  {
    name: TAILSCALED,
    Unit: { Description: 'Tailscale', ...AFTER_PROVISION },
    Service: {
      Type: 'notify',
      RuntimeDirectory: 'he300-tailscale',
      // Kept in memory, the node's key makes it an ephemeral one: the tailnet forgets it with the host.
      ExecStart: `${program('tailscaled')} --state=mem: --socket=${SOCKET} --port=0 --no-logs-no-support`,
      Restart: 'on-failure',
      RestartSec: '2s',
      ...HARDENED,
      CapabilityBoundingSet: 'CAP_NET_ADMIN CAP_NET_RAW',
      DevicePolicy: 'closed',
      DeviceAllow: '/dev/net/tun rw',
      RestrictAddressFamilies: `${HARDENED.RestrictAddressFamilies} AF_NETLINK`,
    },
    Install: WITH_BOOT,
  },
  startedBy(HOST_PATHS.tailscaleAuthKey, JOIN, 'the tailnet'),
  {
    name: JOIN,
    Unit: { Description: 'Joins the tailnet', Requires: TAILSCALED, After: TAILSCALED },
    Service: {
      Type: 'oneshot',
      RemainAfterExit: true,
      ExecStart: [
        program('tailscale'),
        `--socket=${SOCKET}`,
        'up',
        `--auth-key=file:${HOST_PATHS.tailscaleAuthKey}`,
        `--advertise-tags=${word(tag)}`,
        `--hostname=${hostName}`,
        // Who reaches what is told by our own firewall, and names by the host's own resolver.
        '--netfilter-mode=off',
        '--accept-dns=false',
        '--timeout=120s',
      ].join(' '),
      ...HARDENED,
      ...NO_DEVICES,
    },
  },
];
