/**
 * `telemetry.jsonl`: every look, one line each, only ever appended to. Its size is bounded: each half of the room that is
 * left takes lines half as often. A run loses nothing but lines of this file when they cannot be written.
 */
import { closeSync, fstatSync, ftruncateSync, readFileSync, writeSync } from 'node:fs';
import { type Energy, telemetryLine, type TelemetryLine } from '../contract/telemetry-line';
import { openLog } from '../run/line-log';
import { NO_ENERGY } from './energy';

const MOST_BYTES = 8 * 1024 * 1024;

/** Lines come at least this often for as long as there is room for one. */
const MOST_STRIDE = 1024;

export class SeriesLog {
  private sinceLine = 0;
  private failed = false;

  private constructor(
    private readonly file: number,
    private bytes: number,
    private readonly mostBytes: number,
    /** What earlier processes of this run have used; null when their lines cannot be read. */
    readonly energyBefore: Energy | null,
  ) {}

  /** Creates the log or continues it: a line that a kill cut off is removed. @throws InputError when it cannot be opened */
  static open(path: string, mostBytes = MOST_BYTES): SeriesLog {
    const file = openLog(path, 'telemetry log');
    // A device or a pipe has no past.
    const bytes = fstatSync(file).isFile() ? readFileSync(file) : Buffer.alloc(0);
    const end = bytes.lastIndexOf(10) + 1;
    if (end < bytes.length) ftruncateSync(file, end);
    return new SeriesLog(file, end, mostBytes, energyIn(bytes.subarray(0, end)));
  }

  append(line: TelemetryLine): void {
    if (this.failed || ++this.sinceLine < this.stride()) return;
    const text = `${JSON.stringify(line)}\n`;
    const length = Buffer.byteLength(text);
    if (this.bytes + length > this.mostBytes) return;
    this.sinceLine = 0;
    try {
      // A disk that fills up may take a part of the line: what came after would make nonsense of it.
      this.failed = writeSync(this.file, text) < length;
      this.bytes += length;
    } catch {
      // The sample log tells of a full disk.
      this.failed = true;
    }
  }

  close(): void {
    closeSync(this.file);
  }

  /** 1 in the first half of the room, 2 in the next quarter, 4 in the eighth after it. */
  private stride(): number {
    const left = Math.max(1 - this.bytes / this.mostBytes, 1 / MOST_STRIDE);
    return 2 ** Math.floor(Math.log2(1 / left));
  }
}

function energyIn(bytes: Buffer): Energy | null {
  if (bytes.length === 0) return NO_ENERGY;
  const last = bytes.toString('utf8', bytes.lastIndexOf(10, -2) + 1, bytes.length - 1);
  try {
    return telemetryLine.parse(JSON.parse(last)).energy;
  } catch {
    return null;
  }
}
