/** Units of systemd as typed objects: one field a directive, under the name that systemd gives it. */

type Value = string | number | boolean | readonly string[];
type Section<K extends string> = Readonly<Partial<Record<K, Value>>>;

/** systemd.unit(5) */
export type UnitSection = Section<
  | 'Description'
  | 'Requires'
  | 'Wants'
  | 'BindsTo'
  | 'After'
  | 'Before'
  | 'Conflicts'
  | 'ConditionPathExists'
  | 'DefaultDependencies'
  | 'OnFailure'
  | 'OnFailureJobMode'
  | 'SuccessAction'
  | 'StartLimitIntervalSec'
  | 'StartLimitBurst'
>;

/** systemd.service(5), systemd.exec(5), systemd.resource-control(5) */
export type ServiceSection = Section<
  | 'Type'
  | 'ExecStart'
  | 'ExecStartPre'
  | 'ExecStartPost'
  | 'ExecStop'
  | 'RemainAfterExit'
  | 'Restart'
  | 'RestartSec'
  | 'RestartPreventExitStatus'
  | 'TimeoutStartSec'
  | 'TimeoutStopSec'
  | 'KillMode'
  | 'User'
  | 'DynamicUser'
  | 'SupplementaryGroups'
  | 'Environment'
  | 'EnvironmentFile'
  | 'WorkingDirectory'
  | 'StateDirectory'
  | 'StateDirectoryMode'
  | 'RuntimeDirectory'
  | 'RuntimeDirectoryPreserve'
  | 'CacheDirectory'
  | 'UMask'
  | 'StandardOutput'
  | 'StandardError'
  | 'LimitNOFILE'
  | 'LimitCORE'
  | 'OOMScoreAdjust'
  | 'Nice'
  | 'DeviceAllow'
  | 'ReadWritePaths'
  | Hardening
>;

/** Directives that bound what a service may do. */
type Hardening =
  | 'AmbientCapabilities'
  | 'CapabilityBoundingSet'
  | 'DevicePolicy'
  | 'LockPersonality'
  | 'MemoryDenyWriteExecute'
  | 'NoNewPrivileges'
  | 'PrivateDevices'
  | 'PrivateTmp'
  | 'PrivateUsers'
  | 'ProcSubset'
  | 'ProtectClock'
  | 'ProtectControlGroups'
  | 'ProtectHome'
  | 'ProtectHostname'
  | 'ProtectKernelLogs'
  | 'ProtectKernelModules'
  | 'ProtectKernelTunables'
  | 'ProtectProc'
  | 'ProtectSystem'
  | 'RemoveIPC'
  | 'RestrictAddressFamilies'
  | 'RestrictNamespaces'
  | 'RestrictRealtime'
  | 'RestrictSUIDSGID'
  | 'SystemCallArchitectures'
  | 'SystemCallErrorNumber'
  | 'SystemCallFilter';

export interface Unit {
  /** Such as `he300-run.service`. */
  readonly name: string;
  readonly Unit: UnitSection;
  readonly Service?: ServiceSection;
  readonly Timer?: Section<'OnBootSec' | 'OnUnitActiveSec' | 'AccuracySec' | 'Unit'>;
  readonly Path?: Section<'PathExists' | 'PathChanged' | 'Unit'>;
  readonly Install?: Section<'WantedBy'>;
}

export const UNIT_DIRECTORY = '/etc/systemd/system';

/** The file's text. A list becomes one line for each item. */
export function renderUnit({ name, ...sections }: Unit): string {
  const blocks = Object.entries(sections).map(([section, directives]) => {
    const lines = Object.entries(directives as Readonly<Record<string, Value>>).flatMap(([key, value]) =>
      [value].flat().map((item) => line(name, key, item as string | number | boolean)),
    );
    return [`[${section}]`, ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

function line(unit: string, key: string, value: string | number | boolean): string {
  const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
  // A line break would begin a directive that nobody meant.
  if (/[\r\n]/.test(text)) throw new Error(`${unit}: ${key}: ${JSON.stringify(text)}; allowed: one line`);
  return `${key}=${text}`;
}

/**
 * One word of a command line or of `Environment=`, whatever is in it.
 * `%` begins a specifier and `$` a variable there, quotes and backslashes are systemd's own.
 */
export const word = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
