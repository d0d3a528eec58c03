/** The files of a run, in a directory of their own. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors';
import { takeLock } from './lock';
import { parsePlan, type Plan } from './plan';

export const FILES = {
  plan: 'plan.json',
  samples: 'samples.jsonl',
  /** What is asked, word for word; absent where the server asks in its own words. */
  prompts: 'prompts.jsonl',
  /** What the search for a concurrency found, so that a resumed run need not search again. */
  search: 'search.json',
  /** What a second model replied that reads the answers too. */
  judge: 'judge.jsonl',
  /** What was seen of the machines, look by look. */
  telemetry: 'telemetry.jsonl',
  /** The run's private key, readable by its owner only; gone when the results are signed. */
  key: 'key.pem',
  results: 'results.json',
  lock: 'lock',
} as const;

export class RunDirectory {
  private constructor(readonly path: string) {}

  /** A directory for a new run. @throws InputError when there is a run in it already, or it cannot be written */
  static create(path: string, plan: Plan): RunDirectory {
    const directory = new RunDirectory(path);
    orInputError(path, () => mkdirSync(path, { recursive: true }));
    if (existsSync(directory.file('plan')))
      throw new InputError(`run: ${path} holds a run already; allowed: another --out, or --resume ${path}`);
    directory.write('plan', `${JSON.stringify(plan, null, 1)}\n`);
    return directory;
  }

  /** The directory of a run that was begun. @throws InputError when there is none */
  static open(path: string): RunDirectory {
    const directory = new RunDirectory(path);
    if (!existsSync(directory.file('plan')))
      throw new InputError(`run: no ${FILES.plan} in ${path}; allowed: a directory that he300 run made`);
    return directory;
  }

  file(name: keyof typeof FILES): string {
    return join(this.path, FILES[name]);
  }

  has(name: keyof typeof FILES): boolean {
    return existsSync(this.file(name));
  }

  plan(): Plan {
    return parsePlan(this.read('plan'), this.file('plan'));
  }

  read(name: keyof typeof FILES): string {
    return readFileSync(this.file(name), 'utf8');
  }

  /** Whoever reads it sees the old text or the new one, nothing between. @throws InputError such as for a full disk */
  write(name: keyof typeof FILES, text: string, mode = 0o644): void {
    const file = this.file(name);
    orInputError(file, () => {
      writeFileSync(`${file}.new`, text, { mode, flush: true });
      renameSync(`${file}.new`, file);
    });
  }

  remove(name: keyof typeof FILES): void {
    rmSync(this.file(name), { force: true });
  }

  /** @throws InputError when nothing is left to do: another signature would take the place of the run's */
  refuseComplete(): void {
    if (this.has('results') && !this.has('key'))
      throw new InputError(`run: ${this.path} is complete; allowed: another --out for another run`);
  }

  /** Keeps a second process out. @throws InputError while the first is alive; a dead one's lock is taken over */
  lock(): void {
    const file = this.file('lock');
    const holder = orInputError(file, () => takeLock(file));
    if (holder !== undefined)
      throw new InputError(`run: ${this.path} is in use by process ${holder}; end it first`);
  }

  unlock(): void {
    this.remove('lock');
  }
}

/** What the file system says, in one line. */
function orInputError<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(`run: cannot write ${path}: ${message}`);
  }
}
