/** What every part of the server is given. A test gives its own clock, and nothing reads another. */
import type { Role } from '../api/access';
import type { ServerConfig } from './config';
import type { Log } from './log';
import type { Metrics } from './metrics';
import type { ArtifactStore } from './receive/artifact-store';
import type { Store } from './store/database';

export interface Services {
  readonly store: Store;
  readonly artifacts: ArtifactStore;
  readonly config: ServerConfig;
  readonly now: () => Date;
  readonly log: Log;
  readonly metrics: Metrics;
}

export type { Log, Metrics };

/** Who asks. */
export interface Actor {
  readonly kind: 'anonymous' | 'token' | 'session' | 'host';
  /** Of the token, `host:<environment>` for a delivery, `anonymous` otherwise. The audit log names it. */
  readonly name: string;
  /** Null: may read only what everybody may. */
  readonly role: Role | null;
  /** A runner’s: the only one that it may upload for; null: all. */
  readonly environment: string | null;
}

export const ANONYMOUS: Actor = { kind: 'anonymous', name: 'anonymous', role: null, environment: null };

/** Of every Hono app here. */
export interface Env {
  Variables: {
    actor: Actor;
    /** Of the session; undefined when there is none. */
    csrfToken: string | undefined;
  };
}
