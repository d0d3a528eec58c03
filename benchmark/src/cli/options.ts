/** Options that several commands take, and their values checked. */
import { InvalidArgumentError, Option } from 'commander';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Suite } from '../contract/suite';
import { DEFAULT_ENGINE, ENGINE_NAMES, type EngineName, type EngineOptions, MOST_IN_BATCH } from '../engines';

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

export interface SampleOptions {
  readonly spec: Suite['spec'];
  readonly seed: number;
  readonly dataset: string;
}

/** What is asked: the options of every command that draws a sample. */
export const sampleOptions = (): readonly Option[] => [
  new Option('--spec <spec>', 'specification of HE-300; starter is a small pack of our own')
    .choices(['1.0', '1.1', '1.2', 'starter'])
    .default('1.0'),
  new Option('--seed <n>', 'seed of the sample').argParser(integer(0, 4294967295)).default(42),
  new Option('--dataset <dir>', 'directory with ETHICS').default(DEFAULT_DATASET),
];

export interface ServerOptions {
  readonly engine: EngineName;
  readonly url?: string;
  readonly model?: string;
  readonly batchSize?: number;
  readonly llamaSlots?: number;
  readonly prompts?: string;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly requestTimeLimit: number;
}

/** Who is asked, and how: the options of every command that asks a model. */
export const serverOptions = (): readonly Option[] => [
  new Option('--engine <name>', 'how the server is spoken to; llama needs none')
    .choices(ENGINE_NAMES)
    .default(DEFAULT_ENGINE),
  new Option(
    '--url <url>',
    'address of the server, such as http://127.0.0.1:8000/v1; all but openai have a usual one',
  ),
  new Option(
    '--model <name>',
    'model, as the server names it; for llama the path of a GGUF file (default: a demo model, whose figures mean nothing)',
  ),
  new Option('--llama-slots <n>', 'answers that the engine llama works on at once').argParser(
    integer(1, 256),
  ),
  new Option(
    '--batch-size <n>',
    'scenarios of one request to EthicsEngine or job of CIRISNode (default: 1)',
  ).argParser(integer(1, MOST_IN_BATCH)),
  new Option('--prompts <file>', 'prompts from a JSON file instead of our own'),
  new Option('--max-tokens <n>', 'most tokens of an answer').argParser(integer(1, 32_768)).default(256),
  new Option('--temperature <t>', 'of the sampling of tokens').argParser(decimal(0, 2)).default(0),
  new Option('--request-time-limit <seconds>', 'for one request').argParser(decimal(0.1, 3600)).default(120),
];

export const engineOf = ({ engine, url, model, batchSize, llamaSlots }: ServerOptions): EngineOptions => {
  return { name: engine, url: url ?? null, model: model ?? null, batchSize, llamaSlots };
};
