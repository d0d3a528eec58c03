/** What a host is told to do at its first boot: the limit that is armed first, the files, and the units that are then started. */
import { HOST_PATHS, MODEL_SERVER_PORTS, type HostConfig } from '@he300/benchmark/contract';
import { gzipSync } from 'fflate';
import { caddyfile } from './caddyfile';
import { renderCloudConfig, type Command, type WrittenFile } from './cloud-config';
import type { DownloadName } from './downloads';
import { fetcherProgram } from './fetch-bundle/package';
import { firewallRules } from './firewall';
import { PATHS } from './paths';
import { provisionScript, type Needs } from './provision';
import { renderUnit, UNIT_DIRECTORY } from './unit';
import { hostUnits, startedUnits } from './units';
import { LIMIT_TIMER, limitUnits } from './units/limit';

export interface UserDataProps {
  readonly host: HostConfig;
  /** Who may reach the administrator's port. */
  readonly adminCidrs: readonly string[];
  /** How the model server caches keys and values. @default 'f16' */
  readonly cache?: 'f16' | 'q8_0' | undefined;
  /** The bundle, for a host that has no credentials to fetch it with. @default - it is fetched from the bucket */
  readonly bundle?: Uint8Array | undefined;
}

/** The cloud-config of a host. Nothing in it is secret, but for the wrapped secret id on Lambda Cloud. */
export function userData(props: UserDataProps): string {
  const { host, bundle } = props;
  const units = hostUnits(props);
  return renderCloudConfig({
    bootcmd: [armCommand(host.timeLimitMinutes), beginCommand(startedUnits(units))],
    write_files: [
      { path: HOST_PATHS.config, content: JSON.stringify(host) },
      { path: PATHS.provision, permissions: '0755', content: provisionScript(needsOf(props)) },
      ...(bundle
        ? [packed(HOST_PATHS.bundle, bundle)]
        : [{ path: PATHS.fetcher, content: fetcherProgram() }]),
      ...waysIn(props),
      ...units.map((unit) => ({ path: `${UNIT_DIRECTORY}/${unit.name}`, content: renderUnit(unit) })),
    ],
  });
}

/** Units that systemd has never seen are read when they are started. Its own look at all others takes seconds of a boot. */
export const NO_RELOAD = '--no-reload';

/**
 * Arms the time limit before anything is written or fetched, on every boot. It brings the timer's own files along, for
 * cloud-init writes the others later. A host that cannot be limited is powered off.
 */
function armCommand(timeLimitMinutes: number): Command {
  const units = limitUnits(timeLimitMinutes);
  const script = [
    `cd ${UNIT_DIRECTORY}`,
    ...units.map(({ name }, i) => `printf %s "$${i + 1}" >${name}`),
    `systemctl enable --now --no-block ${NO_RELOAD} ${LIMIT_TIMER}`,
  ].join(' && ');
  return ['sh', '-c', `{ ${script}; } || systemctl --no-block poweroff`, 'arm', ...units.map(renderUnit)];
}

/** Stages of cloud-init that write the files: up to its version 24.2, and since. */
export const FILES_WRITTEN = 'cloud-init.service cloud-init-network.service';

/**
 * Starts the units as soon as their files are written. `runcmd` would come after all else that cloud-init does at a boot,
 * which takes as long again. A host whose units cannot be started is powered off.
 */
function beginCommand(units: readonly string[]): Command {
  const begin = [
    ...['systemd-run', '--no-block', '--unit=he300-begin', `--property=After=${FILES_WRITTEN}`],
    ...['--property=OnFailure=poweroff.target', '--property=OnFailureJobMode=replace-irreversibly'],
    ...['systemctl', 'enable', '--now', '--no-block', NO_RELOAD, ...units],
  ];
  return ['sh', '-c', '"$@" || systemctl --no-block poweroff', 'begin', ...begin];
}

const packed = (path: string, bytes: Uint8Array): WrittenFile => ({
  path,
  encoding: 'gz+b64',
  content: Buffer.from(gzipSync(bytes, { level: 9, mtime: 0 })).toString('base64'),
});

function waysIn({ host, adminCidrs }: UserDataProps): WrittenFile[] {
  const { network, modelServer } = host;
  if (network.kind === 'outbound') return [];
  const files: WrittenFile[] = [{ path: PATHS.firewall, content: firewallRules({ host, adminCidrs }) }];
  if (network.kind === 'direct' && (modelServer.kind === 'ollama' || modelServer.kind === 'vllm')) {
    const { domain, allow } = network;
    files.push({
      path: PATHS.caddyfile,
      content: caddyfile({ domain, allow, port: MODEL_SERVER_PORTS[modelServer.kind] }),
    });
  }
  return files;
}

function needsOf({ host, bundle }: UserDataProps): Needs {
  const { network, modelServer } = host;
  const isServer = modelServer.kind === 'ollama' || modelServer.kind === 'vllm';
  const downloads: DownloadName[] = ['node'];
  if (modelServer.kind === 'ollama') downloads.push('ollama');
  if (network.kind === 'direct') downloads.push('caddy');
  if (network.kind === 'tailscale') downloads.push('tailscale');
  return {
    tools: [
      ...(network.kind === 'outbound' ? [] : (['nft'] as const)),
      ...(network.kind === 'wireguard' ? (['ip', 'wg'] as const) : []),
    ],
    downloads,
    gpu: isServer,
    containers: modelServer.kind === 'vllm',
    broughtBundleSha256: bundle ? host.bundle.sha256 : null,
  };
}
