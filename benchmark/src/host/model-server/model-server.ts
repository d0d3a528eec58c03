/** What a host needs of the server whose model is scored: that it answers, that it has the model, and that it comes back. */
import type { HostConfig } from '../../contract/host-config';
import type { EngineName } from '../../engines';
import type { Store } from '../aws/s3';
import type { HostLog } from '../log/host-log';
import type { Secret } from '../log/secret';

export type HostModel = HostConfig['run']['models'][number];

export interface ModelServer {
  /** How `he300 run` speaks to it. */
  readonly engine: EngineName;
  /** Null where it is in the runner itself. */
  readonly url: string | null;
  /** Unit of systemd that it runs as; null when it is not this host's. */
  readonly unit: string | null;
  /** Resolves when it answers. @throws Error */
  probe(): Promise<void>;
  /**
   * Sees to it that it has the model, and resolves to the model as `he300 run` names it.
   * @throws InputError when there is no such model, Error when another attempt may find it
   */
  provide(model: HostModel, signal: AbortSignal): Promise<string>;
}

export interface ModelServerContext {
  readonly store: Store;
  readonly log: HostLog;
  /** Where weights are put for the moment. */
  readonly directory: string;
  /** Null for a server that asks for none. */
  readonly apiKey: Secret | null;
  /** `HE300_MODEL_SERVER_URL`: where the host's own server is, if not at its usual place. @default - there */
  readonly ownUrl?: string | undefined;
}

const PROBE_LIMIT_MS = 5_000;

/** A small JSON answer of a server. @throws Error in one line */
export async function askServer(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_LIMIT_MS), ...init });
  const text = await response.text();
  if (!response.ok) throw new Error(`model server: ${url}: HTTP ${response.status} ${text.slice(0, 200)}`);
  return text === '' ? undefined : JSON.parse(text);
}
