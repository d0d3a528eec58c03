/** What a kind of rotation says of itself: what it changes, how often, and in which steps, so that no consumer fails. */
import type { KvSecret } from '../../../benchmark/src/vault';
import type { Environment } from '../../../environments/schema';
import { CliError } from '../cli';

/** Of a secret in Vault, by their names. All are secret: none is ever printed. */
export type Fields = Readonly<Record<string, string>>;

/** How far a rotation has come, as its record in Vault says. */
export interface Rotation {
  /** 16 hex digits, the same however often it is resumed. */
  readonly id: string;
  /** The next values, as `prepare` made them, and what steps found out. */
  readonly next: Fields;
  /** Name of the last step that was finished; 'prepare' at first. */
  readonly step: string;
  /** When it was. */
  readonly stepAt: Date;
  /** When the next values were made: the age of the secret counts from then. */
  readonly startedAt: Date;
  /** Whether others know the value so far: then what it opened ends at once, and not after an overlap. */
  readonly leaked: boolean;
  /** Whether others may know the next value as well: then another rotation follows. */
  readonly again: boolean;
}

export interface Step {
  readonly name: string;
  /** What it does, for whoever reads along: `gives the idle user the next password`. */
  readonly title: string;
  /**
   * Not before so many hours after the step before it: the overlap, left out where the value so far has leaked. What is
   * short is waited for, else `--due` goes on.
   * @default 0
   */
  readonly afterHours?: number;
  /**
   * Idempotent: a killed rotate does it again, and two that run at once do it at the same time.
   * @returns what later steps need to know, for the record
   */
  run(rotation: Rotation, context: Context): Promise<Fields | void>;
}

export interface Kind {
  /** As a person names it: `webhook`, `api-key/dashboard`. */
  readonly what: string;
  /** Of the secret, below the mount: one of `VAULT_PATHS`. */
  readonly path: string;
  /** A secret older than that is due. */
  readonly intervalDays: number;
  /** Variables of the environment without which its steps cannot run; missing ones are told before anything is changed. */
  readonly variables?: readonly string[];
  /** Whether somebody else makes the value, which a person must bring: `--due` only tells. @default false */
  readonly byHand?: boolean;
  /** Whether a step asks for a value again: then one is brought to a rotation that is not finished, too. @default false */
  readonly takesValueLater?: boolean;
  /** Makes the next values, and changes nothing. Called once a rotation. */
  prepare(context: Context): Promise<Fields>;
  /** At least one. */
  readonly steps: readonly Step[];
}

/** The secrets of the environment's mount, as the role `rotate` sees them. */
export interface Secrets {
  /** Undefined when there is none. @throws VaultError */
  read(path: string): Promise<KvSecret | undefined>;
  /**
   * Makes fields the secret's newest version, unless they are that already.
   * @param before what they follow; refused when somebody was faster
   * @throws VaultError
   */
  write(path: string, fields: Fields, before: KvSecret | undefined): Promise<void>;
  /** Names of the secrets right below a path; empty when there are none. @throws VaultError */
  list(path: string): Promise<readonly string[]>;
}

export interface Context {
  readonly env: Environment;
  readonly secrets: Secrets;
  /** Of the process: where a server is, and as whom it is asked. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Asks over HTTP. */
  readonly fetch: typeof fetch;
  /** What a person brought, of a kind that is `byHand`. */
  readonly value?: string | undefined;
  /** How long peers of a tunnel get to see a next key. */
  readonly settleSeconds: number;
  now(): Date;
  /** Returns after so many milliseconds. */
  wait(ms: number): Promise<void>;
  /** A line about work in progress. Without a value of a secret. */
  progress(line: string): void;
}

/** What only a person can do stands in its message: no failure, but nothing goes on before it is done. */
export class NeedsPerson extends CliError {}

/** @throws CliError when it is not set */
export function variableOf({ variables }: Pick<Context, 'variables'>, name: string): string {
  const value = variables[name];
  if (!value) throw new CliError(`${name} is not set in the environment`);
  return value;
}
