/** The host's log: JSON Lines to standard output, which journald keeps, and to a file that goes up with the run. */
import { appendFileSync } from 'node:fs';
import type { Phase } from '../../contract/event';
import type { Redactor } from './redactor';

export type Fields = Readonly<Record<string, unknown>>;
type Level = 'info' | 'warn' | 'error';

/** Lines that are kept for the tail of a failure. */
const TAIL_LINES = 60;

export interface HostLogOptions {
  readonly redactor: Redactor;
  readonly write: (line: string) => void;
  /** @default - no file */
  readonly file?: string;
  /** @default - the system's clock */
  readonly now?: () => Date;
}

export class HostLog {
  phase: Phase = 'arm';
  private readonly lines: string[] = [];
  private fileFailed = false;

  constructor(private readonly options: HostLogOptions) {}

  info(message: string, fields: Fields = {}): void {
    this.line('info', message, fields);
  }

  warn(message: string, fields: Fields = {}): void {
    this.line('warn', message, fields);
  }

  error(message: string, fields: Fields = {}): void {
    this.line('error', message, fields);
  }

  /** The last lines, at most so many characters. */
  tail(mostCharacters: number): string {
    let text = '';
    for (const line of this.lines.toReversed()) {
      if (text.length + line.length > mostCharacters) break;
      text = line + text;
    }
    return text;
  }

  private line(level: Level, message: string, fields: Fields): void {
    const { redactor, now = () => new Date(), write } = this.options;
    const own = { at: now().toISOString(), level, phase: this.phase, message };
    // First and last: what a field is called does not matter.
    const entry = { ...own, ...fields, ...own };
    const line = `${redactor.redact(JSON.stringify(entry, withMessages))}\n`;
    this.lines.push(line);
    if (this.lines.length > TAIL_LINES) this.lines.shift();
    write(line);
    this.toFile(line);
  }

  /** A log that cannot be written must not end the host: journald has the line. */
  private toFile(line: string): void {
    const { file, write } = this.options;
    if (file === undefined) return;
    try {
      appendFileSync(file, line);
      this.fileFailed = false;
    } catch (error) {
      if (!this.fileFailed) write(`${JSON.stringify({ level: 'warn', message: messageOf(error) })}\n`);
      this.fileFailed = true;
    }
  }
}

const withMessages = (_key: string, value: unknown): unknown => (isError(value) ? messageOf(value) : value);

/** One line, with the causes behind it: `fetch failed` alone tells nothing. */
export function messageOf(error: unknown): string {
  if (!isError(error)) return String(error);
  const cause = error.cause === undefined ? '' : `: ${messageOf(error.cause)}`;
  const own = error.message || (error as NodeJS.ErrnoException).code || error.name;
  return `${own}${cause}`.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ');
}

/** Of whatever part of Node it came from: each may have a class of its own. */
const isError = (error: unknown): error is Error =>
  ['[object Error]', '[object DOMException]'].includes(Object.prototype.toString.call(error));
