/** What no program of a host needs, taken from all of them: systemd.exec(5). */
import type { ServiceSection } from '../unit';

export const HARDENED = {
  CapabilityBoundingSet: '',
  NoNewPrivileges: true,
  PrivateTmp: true,
  ProtectSystem: 'strict',
  ProtectHome: true,
  ProtectClock: true,
  ProtectControlGroups: true,
  ProtectHostname: true,
  ProtectKernelLogs: true,
  ProtectKernelModules: true,
  ProtectKernelTunables: true,
  ProtectProc: 'invisible',
  RestrictAddressFamilies: 'AF_INET AF_INET6 AF_UNIX',
  RestrictNamespaces: true,
  RestrictRealtime: true,
  RestrictSUIDSGID: true,
  RemoveIPC: true,
  LockPersonality: true,
  SystemCallArchitectures: 'native',
  SystemCallErrorNumber: 'EPERM',
  SystemCallFilter: ['@system-service', '~@resources @privileged'],
  UMask: '0077',
} as const satisfies ServiceSection;

/** The GPU's devices and no others; their group of device numbers has a name only where a driver is loaded. */
export const GPU_DEVICES = {
  DevicePolicy: 'closed',
  DeviceAllow: 'char-nvidia* rw',
} as const satisfies ServiceSection;

export const NO_DEVICES = { PrivateDevices: true } as const satisfies ServiceSection;
