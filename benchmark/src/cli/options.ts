/** Options that several commands take, and their values checked. */
import { InvalidArgumentError } from 'commander';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where an import is kept when nobody says otherwise; https://specifications.freedesktop.org/basedir-spec */
export const DEFAULT_DATASET = join(
  process.env.XDG_DATA_HOME || join(homedir(), '.local/share'),
  'he300',
  'ethics',
);

export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`allowed: an integer from ${min} to ${max}`);
  };
}
