/**
 * The sample log: JSON Lines, only ever appended to. A line counts from the moment it ends in a line feed; what a killed
 * run left behind without one is cut off when the log is opened again.
 */
import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, readFileSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { sample, type Sample } from '../contract/sample';
import { InputError } from '../errors';

const writeAll = promisify(write);
const sync = promisify(fdatasync);

/** Samples of this stretch of time share one write and one sync. */
const BATCH_MS = 50;

export class SampleLog {
  private pending = '';
  private flushing: Promise<void> | undefined;
  private failure: Error | undefined;

  private constructor(
    private readonly path: string,
    private readonly file: number,
    private position: number,
    /** What the log held when it was opened. */
    readonly existing: readonly Sample[],
    /** Whether the last line was cut off. */
    readonly repaired: boolean,
  ) {}

  /** Creates the log, or continues it. @throws InputError when a line of it is no sample */
  static open(path: string): SampleLog {
    const file = openSync(path, 'a+');
    try {
      // A device or a pipe has no past.
      const bytes = fstatSync(file).isFile() ? readFileSync(file) : Buffer.alloc(0);
      const end = bytes.lastIndexOf(10) + 1;
      const existing = parseSamples(bytes.toString('utf8', 0, end), path);
      if (end < bytes.length) ftruncateSync(file, end);
      return new SampleLog(path, file, end, existing, end < bytes.length);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Takes the sample; it is safe on disk within a moment, and surely after `close`. @throws InputError when the disk failed */
  append(entry: Sample): void {
    if (this.failure) throw this.failure;
    this.pending += `${JSON.stringify(entry)}\n`;
    this.flushing ??= this.flushSoon();
  }

  private async flushSoon(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, BATCH_MS));
    await this.flush();
  }

  private async flush(): Promise<void> {
    try {
      while (this.pending !== '' && !this.failure) {
        const bytes = Buffer.from(this.pending);
        this.pending = '';
        for (let done = 0; done < bytes.length;) {
          const { bytesWritten } = await writeAll(
            this.file,
            bytes,
            done,
            bytes.length - done,
            this.position + done,
          );
          done += bytesWritten;
        }
        await sync(this.file);
        this.position += bytes.length;
      }
    } catch (error) {
      const { message } = error as Error;
      this.failure = new InputError(
        `sample log: cannot write ${this.path}: ${message}; free the disk and resume`,
      );
    } finally {
      this.flushing = undefined;
    }
  }

  /** Everything that was appended is on disk when this resolves. @throws InputError when it is not */
  async sync(): Promise<void> {
    await this.flushing;
    if (!this.failure) await this.flush();
    if (this.failure) throw this.failure;
  }

  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      closeSync(this.file);
    }
  }
}

/** @throws InputError naming the line */
export function readSamples(path: string): Sample[] {
  const text = readFileSync(path, 'utf8');
  return parseSamples(text.slice(0, text.lastIndexOf('\n') + 1), path);
}

function parseSamples(text: string, path: string): Sample[] {
  const seen = new Set<string>();
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      const parsed = sample.safeParse(jsonOf(line));
      if (!parsed.success) {
        const { path: field, message } = parsed.error.issues[0]!;
        throw new InputError(
          `sample log: ${path}, line ${i + 1}: ${field.join('.') || 'no sample'}: ${message}`,
        );
      }
      const key = `${parsed.data.pass} ${parsed.data.scenarioId}`;
      if (seen.has(key))
        throw new InputError(`sample log: ${path}, line ${i + 1}: ${key} for the second time`);
      seen.add(key);
      return parsed.data;
    });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
