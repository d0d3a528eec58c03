/** The file that a new Vault's keys go to: for its owner alone, and never written over. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { CliError } from '../cli';
import { vaultKeys, type VaultKeys } from './seal';

const OWNER_ONLY = 0o600;

export class KeysFile {
  private constructor(
    readonly path: string,
    private held: VaultKeys | undefined,
  ) {}

  /** @throws CliError when it cannot be read, or holds something else */
  static open(path: string): KeysFile {
    return guarded(() => {
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      return new KeysFile(path, text.trim() === '' ? undefined : parsed(path, text));
    });
  }

  /** What it holds; undefined where it is empty, or not there. */
  get keys(): VaultKeys | undefined {
    return this.held;
  }

  /** Makes it, so that keys which nobody tells again have a place before they are asked for. @throws CliError */
  reserve(): void {
    guarded(() => closeSync(openSync(this.path, 'a', OWNER_ONLY)));
  }

  /** All of them or none. @throws CliError when the disk does not take them: the caller still has them */
  write(keys: VaultKeys): void {
    guarded(() => {
      const next = `${this.path}.next`;
      rmSync(next, { force: true });
      const file = openSync(next, 'wx', OWNER_ONLY);
      writeSync(file, `${JSON.stringify(keys, undefined, 2)}\n`);
      fsyncSync(file);
      closeSync(file);
      renameSync(next, this.path);
      this.held = keys;
    });
  }
}

function parsed(path: string, text: string): VaultKeys {
  try {
    return vaultKeys.parse(JSON.parse(text));
  } catch {
    throw new CliError(
      `--keys-file: ${path} holds something else; allowed: what \`vault operator init -format=json\` writes`,
    );
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(`--keys-file: ${(error as Error).message}`);
  }
}
