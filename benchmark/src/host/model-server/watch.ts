/** Looks after the model server while the run goes on: one that has crashed is started again, so often and no more. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../commands';
import type { HostLog } from '../log/host-log';
import type { ModelServer } from './model-server';

export interface WatchOptions {
  readonly server: Pick<ModelServer, 'probe' | 'unit'>;
  readonly run: Run;
  readonly log: HostLog;
  /** Between two looks. @default 2 s */
  readonly everyMs?: number;
  /** Looks without an answer, one after another, that make it gone: a server under load may be slow. @default 3 */
  readonly mostSilent?: number;
}

/** Of one run: a server that crashes more often is not fit to be measured. */
export const MOST_RESTARTS = 3;

/** Time for a start, before silence counts again: a model is loaded anew. */
const START_MS = 60_000;

export class ServerWatch {
  private restarts = 0;

  constructor(private readonly options: WatchOptions) {}

  /** Until the signal is given. */
  async keep(signal: AbortSignal): Promise<void> {
    const { server, everyMs = 2_000, mostSilent = 3 } = this.options;
    let silent = 0;
    while (!signal.aborted) {
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      silent = await server.probe().then(
        () => 0,
        () => silent + 1,
      );
      if (silent >= mostSilent) {
        await this.restart('it does not answer');
        silent = 0;
      }
    }
  }

  /**
   * Waits for the server to answer, and starts it again when it does not for long.
   * @throws Error when it was started again too often already, or the signal is given
   */
  async answering(signal: AbortSignal, startMs: number = START_MS): Promise<void> {
    for (;;) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(startMs)]);
      const why = await this.silence(patience);
      if (why === undefined) return;
      if (signal.aborted || !(await this.restart(why))) throw new Error(why);
    }
  }

  /** Why the server was silent until the signal; undefined when it answers. */
  private async silence(signal: AbortSignal): Promise<string | undefined> {
    let why = 'model server: it was not asked';
    while (!signal.aborted) {
      try {
        await this.options.server.probe();
        return undefined;
      } catch (error) {
        why = `model server: ${(error as Error).message}`;
      }
      await delay(500, undefined, { signal }).catch(() => undefined);
    }
    return why;
  }

  /** Whether it was; one that is not this host's, or crashes too often, is not. */
  private async restart(why: string): Promise<boolean> {
    const { server, run, log } = this.options;
    if (server.unit === null || this.restarts >= MOST_RESTARTS) return false;
    this.restarts++;
    log.warn('the model server is started again', { unit: server.unit, why, restarts: this.restarts });
    const { code, stderr } = await run('systemctl', 'restart', server.unit);
    if (code !== 0) log.error('the model server could not be started again', { unit: server.unit, stderr });
    return true;
  }
}
