/**
 * Switches an emulated PC on, and looks whether it lives. Now and then QEMU's emulation hangs before the guest has said its
 * first word, both processors busy for ever: that PC is switched off and on again, with an untouched disk.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { VmConsole } from './console';

export interface PowerOptions {
  /** What messages call the PC. */
  readonly name: string;
  /** Lays down an untouched disk, and starts the PC; its standard output is what it says. */
  readonly start: () => ChildProcess;
  readonly console: VmConsole;
  /** What stands on its screen. */
  readonly screen: () => string;
  readonly log: (line: string) => void;
  /** How long each start may take to the first word. @default FIRST_WORD_MS */
  readonly patienceMs?: readonly number[];
}

/** An idle machine takes 6 s, a busy one ten times as long. Whatever happens, all of it is over after ten and a half minutes. */
export const FIRST_WORD_MS = [90_000, 180_000, 360_000] as const;

export class Power {
  /** When it was last switched on. */
  onAt = new Date();
  /** Resolves when the PC has powered itself off; rejects when it was cut off, crashed, or never lived. */
  readonly off: Promise<void>;
  private child: ChildProcess | undefined;
  private isCut = false;

  constructor(private readonly options: PowerOptions) {
    this.off = this.live();
    // Whoever only cuts it has no use for how it ended.
    this.off.catch(() => undefined);
  }

  /** Nothing that the PC had not written is on its disk afterwards. */
  async cut(): Promise<void> {
    this.isCut = true;
    this.child?.kill('SIGKILL');
    await this.off.catch(() => undefined);
  }

  private async live(): Promise<void> {
    const { console } = this.options;
    try {
      await this.startUntilItLives();
      console.end();
    } catch (error) {
      console.end((error as Error).message);
      throw error;
    }
  }

  private async startUntilItLives(): Promise<void> {
    const { name, log, patienceMs = FIRST_WORD_MS } = this.options;
    for (const [i, ms] of patienceMs.entries()) {
      if (await this.lives(ms)) return;
      const again = i + 1 < patienceMs.length ? ': it is switched off and on again' : '';
      log(`${name}: no sign of life ${ms / 1000} s after power-on${again}\n`);
    }
    throw new Error(`no sign of life after ${patienceMs.length} starts; on its screen: ${this.seen()}`);
  }

  /** Resolves when the PC is off: to false when it had not said a word in time. @throws Error when it was cut off, or crashed */
  private async lives(patienceMs: number): Promise<boolean> {
    const { start, console } = this.options;
    const child = start();
    this.child = child;
    this.onAt = new Date();
    let stderr = '';
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => console.take(chunk));
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    let hung = false;
    const watch = setTimeout(() => {
      if (console.lines.length > 0) return;
      hung = true;
      child.kill('SIGKILL');
    }, patienceMs);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    clearTimeout(watch);
    if (hung && !this.isCut) return false;
    if (code !== 0) throw new Error(`qemu ended with ${signal ?? `exit code ${code}`}: ${stderr.trim()}`);
    // With panic=-1 a crash looks like a reboot, and -no-reboot makes it an end like any other.
    if (/Kernel panic/.test(this.options.screen()))
      throw new Error(`the host's kernel crashed:\n${this.seen()}`);
    return true;
  }

  private seen(): string {
    return this.options.screen().slice(-4000).trim() || 'nothing';
  }
}
