/** Options that several commands take, and their values checked. */
import { InvalidArgumentError, Option } from 'commander';
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

export function decimal(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`allowed: a number from ${min} to ${max}`);
  };
}

/** What is asked: the options of every command that draws a sample. */
export const sampleOptions = (): readonly Option[] => [
  new Option('--spec <spec>', 'specification of HE-300; starter is a small pack of our own')
    .choices(['1.0', '1.1', '1.2', 'starter'])
    .default('1.0'),
  new Option('--seed <n>', 'seed of the sample').argParser(integer(0, 4294967295)).default(42),
  new Option('--dataset <dir>', 'directory with ETHICS').default(DEFAULT_DATASET),
];
