/**
 * A log of JSON Lines, only ever appended to. A line counts from the moment it ends in a line feed; what a killed run left
 * behind without one is cut off when the log is opened again.
 */
import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, readFileSync, write } from 'node:fs';
import { promisify } from 'node:util';
import type { z } from 'zod';
import { InputError } from '../errors';

const writeAll = promisify(write);
const sync = promisify(fdatasync);

/** Entries of this stretch of time share one write and one sync. */
const BATCH_MS = 50;

export interface LogKind<T> {
  /** What errors call it, such as `sample log`. */
  readonly name: string;
  /** What errors call a line that is none. */
  readonly entry: string;
  readonly schema: z.ZodType<T>;
  /** What may stand in the log once only. */
  readonly keyOf: (entry: T) => string;
}

export class LineLog<T> {
  private pending = '';
  private flushing: Promise<void> | undefined;
  private failure: Error | undefined;

  private constructor(
    private readonly kind: LogKind<T>,
    private readonly path: string,
    private readonly file: number,
    private position: number,
    /** What the log held when it was opened. */
    readonly existing: readonly T[],
    /** Whether the last line was cut off. */
    readonly repaired: boolean,
  ) {}

  /** Creates the log, or continues it. @throws InputError when it cannot be opened, or a line of it is none of its kind */
  static open<T>(path: string, kind: LogKind<T>): LineLog<T> {
    const file = openLog(path, kind.name);
    try {
      // A device or a pipe has no past.
      const bytes = fstatSync(file).isFile() ? readFileSync(file) : Buffer.alloc(0);
      const end = bytes.lastIndexOf(10) + 1;
      const existing = parseLines(bytes.toString('utf8', 0, end), path, kind);
      if (end < bytes.length) ftruncateSync(file, end);
      return new LineLog(kind, path, file, end, existing, end < bytes.length);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Takes the entry; it is safe on disk within a moment, and surely after `close`. @throws InputError when the disk failed */
  append(entry: T): void {
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
        `${this.kind.name}: cannot write ${this.path}: ${message}; free the disk and resume`,
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

/** Of a file to read and to append to. @param name what errors call it. @throws InputError */
export function openLog(path: string, name: string): number {
  try {
    return openSync(path, 'a+');
  } catch (error) {
    throw new InputError(`${name}: cannot open ${path}: ${(error as Error).message}`);
  }
}

/** Without a last line that was cut off. @throws InputError naming the line */
export function readLines<T>(path: string, kind: LogKind<T>): T[] {
  const text = readFileSync(path, 'utf8');
  return parseLines(text.slice(0, text.lastIndexOf('\n') + 1), path, kind);
}

function parseLines<T>(text: string, path: string, { name, entry, schema, keyOf }: LogKind<T>): T[] {
  const seen = new Set<string>();
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      const parsed = schema.safeParse(jsonOf(line));
      if (!parsed.success) {
        const { path: field, message } = parsed.error.issues[0]!;
        throw new InputError(
          `${name}: ${path}, line ${i + 1}: ${field.join('.') || `no ${entry}`}: ${message}`,
        );
      }
      const key = keyOf(parsed.data);
      if (seen.has(key)) throw new InputError(`${name}: ${path}, line ${i + 1}: ${key} for the second time`);
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
