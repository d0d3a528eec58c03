/**
 * The host's first-boot instructions. For now: arm the time limit, then say what run this is. The supervisor, its
 * units and the fetching of the bundle come with the host's own life.
 */
import { gzipSync } from 'node:zlib';
import type { Environment } from '../environments/schema';

export interface HostConfig {
  readonly environment: string;
  readonly run: Environment['run'];
  readonly artifactBucket: string;
  readonly bundle: { readonly bucket: string; readonly key: string; readonly sha256: string };
  /** Where the host reads its secrets; never the secrets themselves. */
  readonly secrets: Environment['secrets'];
  readonly dashboardUrl?: string;
  /** Id of the run that this host continues. */
  readonly resumeRunId?: string;
}

/** Minutes before the hard limit at which the host stops by itself, so that it can still upload what it has. */
export const SHUTDOWN_GRACE_MINUTES = 5;

/** EC2's limit for user data, in bytes, before base64. */
export const USER_DATA_LIMIT_BYTES = 16 * 1024;

export function cloudConfig(host: HostConfig): string {
  const minutes = host.run.timeLimitMinutes - SHUTDOWN_GRACE_MINUTES;
  // cloud-config is YAML, and JSON is YAML that cannot be mis-indented.
  const config = {
    bootcmd: [['systemd-run', '--unit=he300-limit', `--on-active=${minutes}min`, 'systemctl', 'poweroff']],
    write_files: [{ path: '/etc/he300/host.json', permissions: '0644', content: JSON.stringify(host) }],
  };
  return `#cloud-config\n${JSON.stringify(config)}\n`;
}

/**
 * Gzipped user data, base64. Same input, same bytes: the gzip header carries no time, and its system byte is set to
 * "unknown" because zlib writes the machine's.
 * @throws Error when it is larger than EC2 takes
 */
export function encodeUserData(text: string): string {
  const bytes = gzipSync(text, { level: 9 });
  bytes[9] = 255;
  if (bytes.length > USER_DATA_LIMIT_BYTES) {
    throw new Error(`user data: ${bytes.length} bytes after gzip; allowed: at most ${USER_DATA_LIMIT_BYTES}`);
  }
  return bytes.toString('base64');
}
