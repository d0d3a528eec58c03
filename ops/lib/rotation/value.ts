/** The value that a person brings, from a file or standard input: on a command line everybody on the machine could read it. */
import { readFileSync } from 'node:fs';
import { CliError } from '../cli';

const STDIN = 0;
const MAX_CHARACTERS = 8192;

/** @param source path of a file, or `-` for standard input @throws CliError that does not show the value */
export function readValue(source: string): string {
  const where = source === '-' ? 'standard input' : source;
  let text: string;
  try {
    text = readFileSync(source === '-' ? STDIN : source, 'utf8');
  } catch (error) {
    throw new CliError(`--value-file: cannot read ${where}: ${(error as NodeJS.ErrnoException).code}`, 2);
  }
  const value = text.replace(/\r?\n$/, '');
  if (value.length > 0 && value.length <= MAX_CHARACTERS && /^[\x21-\x7e]+$/.test(value)) return value;
  throw new CliError(
    `--value-file: ${where} holds ${value.length} characters; allowed: one line of 1 to ${MAX_CHARACTERS} printable ASCII characters without spaces`,
    2,
  );
}
