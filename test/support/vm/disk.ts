/** A host's disk from outside, while the host is off: one ext4 file system without partitions. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { run } from './command';

const PIECE_BYTES = 8 * 1024 * 1024;

export class VmDisk {
  constructor(readonly path: string) {}

  /** A disk of its own with the same content. Sparse, so it takes a second and what is in it. */
  static copyOf(image: string, path: string): VmDisk {
    run('cp', ['--reflink=auto', '--sparse=always', image, path]);
    return new VmDisk(path);
  }

  /** Writes files into directories that are there. @param files by absolute path */
  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    const work = mkdtempSync(join(tmpdir(), 'he300-disk-'));
    try {
      const commands = Object.entries(files).map(([path, content], i) => {
        const source = join(work, String(i));
        writeFileSync(source, content);
        return `write ${source} ${path}`;
      });
      writeFileSync(join(work, 'commands'), `${commands.join('\n')}\n`);
      this.debugfs(['-w', '-f', join(work, 'commands')]);
    } finally {
      rmSync(work, { recursive: true });
    }
  }

  /** What is in the file. @throws Error when there is none */
  read(path: string): Buffer {
    return this.debugfs(['-R', `cat ${path}`]);
  }

  /** Those of the texts that stand anywhere on the disk, in a file, a deleted one or the file system's journal. */
  found(texts: readonly string[]): string[] {
    const found = new Set<string>();
    const overlap = Math.max(...texts.map((text) => Buffer.byteLength(text)));
    const file = openSync(this.path, 'r');
    try {
      const buffer = Buffer.alloc(PIECE_BYTES);
      // A match may begin in one piece and end in the next.
      for (let position = 0; ; position += buffer.length - overlap) {
        const length = readSync(file, buffer, 0, buffer.length, position);
        const piece = buffer.subarray(0, length);
        for (const text of texts) if (piece.includes(text)) found.add(text);
        if (length < buffer.length) return [...found];
      }
    } finally {
      closeSync(file);
    }
  }

  /** debugfs(8) ends well whatever happened: what it says besides its version is what went wrong. */
  private debugfs(args: readonly string[]): Buffer {
    const { stdout, stderr, error } = spawnSync('debugfs', [...args, this.path], {
      maxBuffer: 256 * 1024 * 1024,
    });
    const said =
      error?.message ??
      stderr
        .toString()
        .replace(/^debugfs [\d.]+ .*\n/, '')
        .trim();
    if (said) throw new Error(`debugfs: ${said}`);
    return stdout;
  }
}
