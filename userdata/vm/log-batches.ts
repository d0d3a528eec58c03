/** Entries of systemd's journal as CloudWatch Logs takes them: in order, cut to size, without secrets. */

export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/** Of one call: bytes with 26 for each event, events, and the time from its first to its last. Of one event: bytes. */
const LIMITS = {
  batchBytes: 1_048_576,
  batchEvents: 10_000,
  batchMilliseconds: 24 * 3_600_000,
  eventBytes: 262_144 - 26,
};
const OVERHEAD_BYTES = 26;

/** What a token of the dashboard looks like, a key of its webhook, and a token of Vault. */
const SECRETS = /\b(he300_|whsec_|hv[bsr]\.)[\w+/=-]{16,}/g;

/** @param text what `journalctl --output=json` prints, one entry a line */
export function journalEvents(text: string): LogEvent[] {
  return text.split('\n').flatMap((line) => {
    const entry = parsed(line);
    const timestamp = Math.floor(Number(entry?.['__REALTIME_TIMESTAMP']) / 1000);
    const message = messageOf(entry?.['MESSAGE']).replaceAll(SECRETS, '$1…');
    // CloudWatch refuses an empty message, and with it all others of the call.
    if (!Number.isSafeInteger(timestamp) || message.trim() === '') return [];
    const unit = String(entry?.['_SYSTEMD_UNIT'] ?? entry?.['SYSLOG_IDENTIFIER'] ?? 'unknown');
    return [{ timestamp, message: cut(message.startsWith('{') ? message : `${unit}: ${message}`) }];
  });
}

export function batches(events: readonly LogEvent[]): LogEvent[][] {
  const made: LogEvent[][] = [];
  let bytes = Infinity;
  for (const event of [...events].sort((a, b) => a.timestamp - b.timestamp)) {
    const size = Buffer.byteLength(event.message) + OVERHEAD_BYTES;
    const last = made.at(-1);
    const isFull =
      !last ||
      bytes + size > LIMITS.batchBytes ||
      last.length === LIMITS.batchEvents ||
      // A machine that was stopped for days has something to say of then and of now.
      event.timestamp - last[0]!.timestamp > LIMITS.batchMilliseconds;
    if (isFull) {
      made.push([event]);
      bytes = size;
    } else {
      last.push(event);
      bytes += size;
    }
  }
  return made;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The journal writes what is no text as a list of bytes. */
function messageOf(message: unknown): string {
  if (typeof message === 'string') return message;
  return Array.isArray(message) ? Buffer.from(message as number[]).toString() : '';
}

function cut(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= LIMITS.eventBytes) return message;
  // A character that was cut through becomes three bytes, for which there is room.
  return `${bytes.subarray(0, LIMITS.eventBytes - 8).toString()}…`;
}
