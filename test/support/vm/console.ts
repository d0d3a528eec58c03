/** What a booted host logs, as its journal writes it to a console: `[    1.234567] source[pid]: text`. */

export interface ConsoleLine {
  /** Since power-on, by the host's monotonic clock. */
  readonly seconds: number;
  /** Program, or unit, that said it. */
  readonly source: string;
  readonly text: string;
}

interface Waiting {
  readonly pattern: RegExp;
  readonly resolve: (line: ConsoleLine) => void;
  readonly reject: (error: Error) => void;
}

const LINE = /^\[ *(\d+\.\d+)\] (.+?)(?:\[\d+\])?: (.*)$/;

export class VmConsole {
  readonly lines: ConsoleLine[] = [];
  private rest = '';
  private ended: string | undefined;
  private waiting: Waiting[] = [];

  take(chunk: string): void {
    const [rest = '', ...complete] = (this.rest + chunk).split('\n').reverse();
    this.rest = rest;
    for (const text of complete.reverse()) this.add(parseLine(text.replace(/\r$/, ''), this.lines.at(-1)));
  }

  /** Nothing more will come. @param fault why, unless the host powered itself off */
  end(fault?: string): void {
    this.ended = fault ?? 'the host powered itself off';
    for (const { pattern, reject } of this.waiting.splice(0)) reject(this.neverSaid(pattern));
  }

  /** The first line whose text matches, said already or not yet. @throws Error once the host is off and never said so */
  async waitFor(pattern: RegExp): Promise<ConsoleLine> {
    const said = this.find(pattern);
    if (said) return said;
    if (this.ended !== undefined) throw this.neverSaid(pattern);
    return new Promise((resolve, reject) => this.waiting.push({ pattern, resolve, reject }));
  }

  find(pattern: RegExp): ConsoleLine | undefined {
    return this.lines.find(({ text }) => pattern.test(text));
  }

  /** The last lines, for a message. */
  tail(count = 40): string {
    return this.lines
      .slice(-count)
      .map(({ seconds, source, text }) => `${seconds.toFixed(1).padStart(7)} ${source}: ${text}`)
      .join('\n');
  }

  private add(line: ConsoleLine): void {
    this.lines.push(line);
    const met = this.waiting.filter(({ pattern }) => pattern.test(line.text));
    this.waiting = this.waiting.filter((waiting) => !met.includes(waiting));
    for (const { resolve } of met) resolve(line);
  }

  private neverSaid(pattern: RegExp): Error {
    return new Error(`never said: ${pattern}; ${this.ended}:\n${this.tail()}`);
  }
}

/** A line without the journal's head goes on with what was said before. */
function parseLine(text: string, before: ConsoleLine | undefined): ConsoleLine {
  const [, seconds, source, said] = LINE.exec(text) ?? [];
  if (seconds === undefined) return { seconds: before?.seconds ?? 0, source: before?.source ?? '', text };
  return { seconds: Number(seconds), source: source!, text: said! };
}
