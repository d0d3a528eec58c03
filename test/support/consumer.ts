/** Somebody who uses a secret all the time that others change: with what he last read, and he reads it now and then. */
import { setTimeout as delay } from 'node:timers/promises';

export interface ConsumerOptions<T> {
  /** @throws when it cannot be read */
  readonly read: () => Promise<T>;
  /** @throws when it is refused */
  readonly use: (secret: T) => Promise<void>;
  /** How often what was read is used before it is read again. */
  readonly usesEach: number;
}

/** Between two uses: the machine is not his alone. */
const PAUSE_MS = 10;

export class Consumer<T> {
  uses = 0;
  private failure: string | undefined;
  private reads = 0;
  private ended = false;
  private readonly running: Promise<void>;

  private constructor(private readonly options: ConsumerOptions<T>) {
    this.running = this.run();
  }

  /** What he was refused, at the first time; undefined when he never was. */
  static async during<T>(
    options: ConsumerOptions<T>,
    work: (consumer: Consumer<T>) => Promise<void>,
  ): Promise<string | undefined> {
    const consumer = new Consumer(options);
    try {
      await work(consumer);
    } finally {
      consumer.ended = true;
      await consumer.running;
    }
    return consumer.failure;
  }

  /** Returns when he has read what holds now, and used it. @throws Error when he was refused */
  async hasCaughtUp(): Promise<void> {
    // The read that is under way may tell what held before.
    const enough = this.reads + 3;
    while (this.reads < enough) {
      if (this.failure !== undefined) throw new Error(`the consumer was refused: ${this.failure}`);
      await delay(PAUSE_MS);
    }
  }

  private async run(): Promise<void> {
    const { read, use, usesEach } = this.options;
    try {
      while (!this.ended) {
        const secret = await read();
        this.reads++;
        for (let i = 0; i < usesEach && !this.ended; i++) {
          await use(secret);
          this.uses++;
          await delay(PAUSE_MS);
        }
      }
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }
}
