/** What a booted host's supervisor says on the console: JSON Lines between everybody else's words. */
import type { VmConsole } from './console';

export interface HostLine {
  /** Since power-on. */
  readonly upSeconds: number;
  readonly at: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly phase: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export const hostLines = (console: VmConsole): HostLine[] =>
  console.lines.flatMap(({ seconds, text }) => {
    const said = jsonOf(text);
    return said ? [{ ...said, upSeconds: seconds }] : [];
  });

function jsonOf(text: string): HostLine | undefined {
  if (!text.startsWith('{"at":')) return undefined;
  try {
    return JSON.parse(text) as HostLine;
  } catch {
    return undefined;
  }
}

export interface PhaseTime {
  readonly phase: string;
  /** Since power-on. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Every attempt at a phase, in order; one without an end goes on to the last line. */
export function phaseTimes(lines: readonly HostLine[]): PhaseTime[] {
  const begun = lines.filter(({ message }) => message === 'phase begins');
  return begun.map(({ phase, upSeconds }, i) => ({
    phase,
    fromSeconds: upSeconds,
    toSeconds: (begun[i + 1] ?? lines.at(-1)!).upSeconds,
  }));
}
