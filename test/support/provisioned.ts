/**
 * Runs the script that provisions a host where it can do no harm: with an `/etc` and an `/opt` of its own, in a mount
 * namespace, and with a PATH on which only the programs are that the image is said to have. Only root can.
 */
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DOWNLOADS } from '../../userdata/downloads';
import type { UserDataProps } from '../../userdata/user-data';
import { which } from '../../ops/lib/tool';
import { writeHost } from './written-host';

/** What every image has. */
const BASE = [
  'bash',
  'cat',
  'cp',
  'cut',
  'env',
  'ln',
  'mkdir',
  'rm',
  'sha256sum',
  'tar',
  'uname',
  'xz',
  'gzip',
];

export interface Image {
  /** `ID` and `VERSION_ID` of os-release(5). */
  readonly os: readonly [id: string, version: string];
  /** More files of the image, empty. @default - none */
  readonly files?: readonly string[];
  /** Programs of the image: shell scripts, by name. @default - none */
  readonly programs?: Readonly<Record<string, string>>;
  /** Changes the script before it runs. @default - as it is */
  readonly edit?: (script: string) => string;
}

export interface Provisioned {
  readonly code: number | null;
  /** What the script said, without the lines of other programs. */
  readonly said: readonly string[];
  /** Every call of a program that would change the machine or ask another one. */
  readonly calls: readonly string[];
  /** Where the links point to that the units start, by name. */
  readonly links: Readonly<Record<string, string>>;
}

/** An archive as `tar` packs it, with one program in it for each path. */
export interface Archive {
  readonly bytes: Buffer;
  readonly sha256: string;
}

export function archiveOf(paths: readonly string[], compression: string): Archive {
  const dir = mkdtempSync(join(tmpdir(), 'he300-archive-'));
  try {
    for (const path of paths) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), '#!/bin/sh\n', { mode: 0o755 });
    }
    const args = ['--create', compression, '--file', '-', '--directory', dir, ...paths];
    const { stdout } = spawnSync('tar', args);
    return { bytes: stdout, sha256: hash('sha256', stdout) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** @param host its user data, or what writes its files below a directory @param served what each URL answers; others answer 404 */
export function provisioned(
  host: UserDataProps | ((directory: string) => void),
  { os, files = [], programs = {}, edit = (script) => script }: Image,
  served: Readonly<Record<string, Buffer>> = {},
): Provisioned {
  const dir = mkdtempSync(join(tmpdir(), 'he300-provision-'));
  const log = join(dir, 'calls');
  try {
    if (typeof host === 'function') host(join(dir, 'root'));
    else writeHost(host, join(dir, 'root'));
    const script = join(dir, 'root/opt/he300/provision');
    writeFileSync(script, edit(readFileSync(script, 'utf8')));
    cpSync('/etc', join(dir, 'root/etc'), { recursive: true, force: false, verbatimSymlinks: true });
    const release = `ID=${os[0]}\nVERSION_ID="${os[1]}"\nPRETTY_NAME="${os.join(' ')}"\n`;
    rmSync(join(dir, 'root/etc/os-release'));
    for (const [path, text] of [['/etc/os-release', release], ...files.map((file) => [file, ''])] as [
      string,
      string,
    ][]) {
      mkdirSync(dirname(join(dir, 'root', path)), { recursive: true });
      writeFileSync(join(dir, 'root', path), text);
    }
    mkdirSync(join(dir, 'bin'));
    const all = { ...recorders(dir, served), ...programs };
    // Never both: what is written to a link is written to the machine's own program.
    for (const name of BASE.filter((base) => !(base in all)))
      symlinkSync(which(name)!, join(dir, 'bin', name));
    for (const [name, body] of Object.entries(all)) program(join(dir, 'bin', name), name, body, log);
    // All that the script can write to is what was made for it.
    const setUp = [
      `mount --bind ${dir} ${dir}`,
      ...['etc', 'opt'].map((name) => `mount --bind ${dir}/root/${name} /${name}`),
      'mount -o remount,bind,ro /',
      `exec env -i PATH=${dir}/bin /opt/he300/provision`,
    ];
    const { status, stderr } = spawnSync(
      'unshare',
      ['--mount', '--propagation', 'private', 'sh', '-c', setUp.join(' && ')],
      { encoding: 'utf8' },
    );
    return {
      code: status,
      said: stderr.split('\n').flatMap((line) => /^provision: (.*)$/.exec(line)?.[1] ?? []),
      calls: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [],
      links: linksIn(join(dir, 'root/opt/he300/bin')),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Stand-ins for what would change the machine: they note how they are called. */
function recorders(dir: string, served: Readonly<Record<string, Buffer>>): Readonly<Record<string, string>> {
  const cases = Object.entries(served).map(([url, bytes], i) => {
    writeFileSync(join(dir, `served-${i}`), bytes);
    return `"${url}") cp ${dir}/served-${i} "$out" ;;`;
  });
  const curl = `while [ $# -gt 1 ]; do [ "$1" = -o ] && out=$2; shift; done; case "$1" in ${cases.join(' ')} *) exit 22 ;; esac`;
  return { 'apt-get': '', modprobe: '', sleep: '', systemctl: '', curl };
}

const NOTED = ['apt-get', 'curl', 'modprobe', 'systemctl', 'nvidia-ctk'];

function program(path: string, name: string, body: string, log: string): void {
  const note = NOTED.includes(name) ? `echo "${basename(path)} $*" >>${log}\n` : '';
  writeFileSync(path, `#!/bin/sh\n${note}${body}\n`, { flag: 'wx', mode: 0o755 });
}

function linksIn(directory: string): Readonly<Record<string, string>> {
  if (!existsSync(directory)) return {};
  const { stdout } = spawnSync('find', [directory, '-type', 'l', '-printf', '%f %l\n'], { encoding: 'utf8' });
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ') as [string, string]),
  );
}

/** Why it cannot be run here; undefined where it can. */
export function provisioningMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'a mount namespace: only root makes one';
  const { status, stderr } = spawnSync('unshare', ['--mount', 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `a mount namespace: ${stderr?.trim() ?? 'no unshare'}`;
}

/** The script with the pin of a download replaced. */
export const pinnedTo =
  (name: keyof typeof DOWNLOADS, sha256: string) =>
  (script: string): string =>
    script.replaceAll(DOWNLOADS[name].sha256, sha256);
