/** Writes a file that was asked for. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { InputError } from '../errors';

/**
 * Whoever reads the file sees the old one or the new one, nothing between.
 * @param command that writes it, for the error
 * @throws InputError when it cannot be written
 */
export function writeOutput(file: string, text: string, command: string): void {
  const temporary = `${file}.new`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      `${command}: cannot write ${file}: ${code}; allowed: a file in a directory that can be written`,
    );
  }
}
