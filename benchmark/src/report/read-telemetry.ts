/** Reads `telemetry.jsonl`. No signature covers it, and nothing of the results rests on it: what cannot be read is left out. */
import { existsSync, readFileSync } from 'node:fs';
import { telemetryLine, type TelemetryLine } from '../contract/telemetry-line';

export interface TelemetryRead {
  readonly lines: readonly TelemetryLine[];
  /** Lines that are none; the last one of a killed run often is. */
  readonly unread: number;
}

/** Null when there is no such file. */
export function readTelemetry(path: string): TelemetryRead | null {
  if (!existsSync(path)) return null;
  const parsed = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => telemetryLine.safeParse(jsonOf(line)));
  const lines = parsed.flatMap(({ data }) => (data ? [data] : []));
  return {
    lines: lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
    unread: parsed.length - lines.length,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
