/** One run of the host: its claim, its key, its files, and what is told of it. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signedResults, type Results } from '../contract/results';
import { InputError } from '../errors';
import { FILES, RunDirectory } from '../run/directory';
import type { Plan } from '../run/plan';
import { readSamples } from '../run/sample-log';
import type { Store } from './aws/s3';
import { claimRun, firstSeqOf, type Claimed } from './continuity/claims';
import { artifactKey, eventsPrefix } from './continuity/layout';
import { agreedSizes, leftBy, restore, type Growing } from './continuity/restore';
import { RunUploader } from './continuity/run-uploader';
import type { HostLog } from './log/host-log';
import type { Redactor } from './log/redactor';
import { Secret } from './log/secret';
import type { HostModel } from './model-server';
import { RunEvents, type RunEventsOptions } from './report/run-events';

export interface HostRunOptions {
  readonly runId: string;
  readonly model: HostModel;
  readonly hostId: string;
  readonly store: Store;
  readonly log: HostLog;
  readonly redactor: Redactor;
  /** Of the supervisor. */
  readonly state: string;
  readonly events: Omit<RunEventsOptions, 'runId' | 'key' | 'redactor' | 'isResumed'>;
}

export class HostRun {
  readonly events: RunEvents;
  private readonly key: KeyObject;

  private constructor(
    private readonly options: HostRunOptions,
    private readonly claimed: Claimed,
    private readonly left: Growing,
  ) {
    const { runId, events, redactor } = options;
    this.key = this.ownKey();
    this.events = new RunEvents({ ...events, runId, redactor, key: this.key, isResumed: this.isResumed });
  }

  /** Claims the run for this host. @throws AwsError, InputError when another host has it */
  static async claim(options: HostRunOptions): Promise<HostRun> {
    const { runId, hostId, store, state } = options;
    let left: Growing = new Map();
    const claimed = await claimRun(store, { runId, hostId }, async (claims) => {
      left = await leftBy(store, runId, claims);
      return agreedSizes(left, directoryOf(state, runId));
    });
    return new HostRun(options, claimed, left);
  }

  get runId(): string {
    return this.options.runId;
  }

  get model(): HostModel {
    return this.options.model;
  }

  get directory(): string {
    return directoryOf(this.options.state, this.runId);
  }

  get session(): number {
    return this.claimed.session;
  }

  get firstSeq(): number {
    return firstSeqOf(this.session);
  }

  /** Whether another host began it. */
  get isResumed(): boolean {
    return this.claimed.claims.some(({ hostId }) => hostId !== this.options.hostId);
  }

  /** Whether an earlier host completed the run and told so: there is nothing left to do for it. */
  isSettled = false;

  /** Puts what earlier sessions left onto this disk. */
  async restore(): Promise<void> {
    const { store, log } = this.options;
    const { runId, session, directory } = this;
    this.isSettled = await wasToldComplete(store, runId);
    if (!(await restore(store, this, this.left))) return;
    // A host that completed the run, and was lost before it told so, has left its results.
    const results = await store.get(artifactKey(runId, FILES.results));
    const path = join(directory, FILES.results);
    if (results && !this.results()) writeFileSync(path, results, { flush: true });
    const bytes = Object.fromEntries([...this.left].map(([file, content]) => [file, content.length]));
    log.info('the run goes on', { runId, session, bytes, isComplete: results !== undefined });
  }

  /** Gives the runner the key that the run's events are signed with, so that it signs the results with it too. */
  layDownKey(): void {
    mkdirSync(this.directory, { recursive: true });
    const path = join(this.directory, FILES.key);
    if (existsSync(path)) return;
    const pem = this.key.export({ type: 'pkcs8', format: 'pem' }).toString();
    writeFileSync(path, pem, { mode: 0o600, flush: true });
  }

  uploader(): RunUploader {
    const { store, log } = this.options;
    const { restored } = this.claimed.claims.at(-1)!;
    const { runId, directory, session } = this;
    return new RunUploader({ store, log, runId, directory, session, restored });
  }

  /** The results when the run is complete, and the bytes that were signed; undefined while it is not. */
  results(): { readonly results: Results; readonly bytes: Buffer } | undefined {
    const path = join(this.directory, FILES.results);
    if (!existsSync(path)) return undefined;
    const bytes = readFileSync(path);
    const signed = signedResults.safeParse(jsonOf(bytes.toString()));
    const results = signed.data && (jsonOf(signed.data.results) as Results | undefined);
    return results?.partial === null ? { results, bytes } : undefined;
  }

  plan(): Plan | undefined {
    return existsSync(join(this.directory, FILES.plan))
      ? RunDirectory.open(this.directory).plan()
      : undefined;
  }

  /** Part of the sample that has its outcome. */
  scoredPart(): number {
    try {
      const total = this.plan()?.suite.scenarios ?? 0;
      if (total === 0) return 0;
      const samples = readSamples(join(this.directory, FILES.samples));
      return Math.min(1, samples.filter(({ pass }) => pass === 'scored').length / total);
    } catch (error) {
      if (error instanceof InputError || (error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
  }

  /** Kept apart from the run's directory, where the runner removes it when the results are signed. */
  private ownKey(): KeyObject {
    const { state, runId, redactor } = this.options;
    const path = join(state, 'keys', `${runId}.pem`);
    if (!existsSync(path)) {
      const { privateKey } = generateKeyPairSync('ed25519');
      mkdirSync(join(state, 'keys'), { recursive: true, mode: 0o700 });
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      writeFileSync(`${path}.new`, pem, { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    }
    return createPrivateKey(redactor.know(new Secret(readFileSync(path, 'utf8'))).reveal());
  }
}

async function wasToldComplete(store: Store, runId: string): Promise<boolean> {
  for (const key of await store.list(eventsPrefix(runId))) {
    const lines = (await store.get(key))?.toString().split('\n').filter(Boolean) ?? [];
    const events = lines.map((line) => JSON.parse(line) as Partial<{ type: string; fate: string }>);
    if (events.some(({ type, fate }) => type === 'run.completed' && fate === 'sent')) return true;
  }
  return false;
}

const directoryOf = (state: string, runId: string): string => join(state, 'runs', runId);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
