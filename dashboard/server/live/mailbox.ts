/** What waits for one listener: of each run the newest word only, so that a slow one does not pile up what is old. */
import type { Change } from './feed';

export class Mailbox {
  #waiting = new Map<string, Change>();
  #closed = false;
  #ring = (): void => undefined;

  readonly put = (changes: readonly Change[]): void => {
    for (const change of changes) {
      // Last again: what is sent stays in the order of the changes, which a listener that comes back goes on from.
      this.#waiting.delete(change.runId);
      this.#waiting.set(change.runId, change);
    }
    if (changes.length > 0) this.#ring();
  };

  readonly close = (): void => {
    this.#closed = true;
    this.#ring();
  };

  /** All that waits, as soon as there is something; empty after that much silence, and null when it was closed. */
  async take(silenceMs: number): Promise<readonly Change[] | null> {
    if (!this.#closed && this.#waiting.size === 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, silenceMs).unref();
        this.#ring = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    if (this.#closed) return null;
    const taken = [...this.#waiting.values()];
    this.#waiting.clear();
    return taken;
  }
}
