/** The log: a line of JSON for each entry, so that whatever collects it need not guess. */

type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** @param write takes one line with its line feed */
export function jsonLog(write: (line: string) => void, now: () => Date = () => new Date()): Log {
  const entry =
    (level: string) =>
    (message: string, fields: Fields = {}) =>
      write(`${JSON.stringify({ at: now().toISOString(), level, message, ...fields }, readable)}\n`);
  return { info: entry('info'), warn: entry('warn'), error: entry('error') };
}

const readable = (_key: string, value: unknown): unknown =>
  value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
