/**
 * Parser of server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation,
 * as far as model servers use them: the `data` of each event. Runs once a token: hence bytes, and few calls out of JavaScript.
 */
import { isUtf8 } from 'node:buffer';

const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
const NOTHING: Buffer = Buffer.alloc(0);

export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
}

export class EventStreamParser {
  /** Bytes of a line whose end has not come yet. */
  private rest = NOTHING;
  private data: string | undefined;
  private atStart = true;
  private afterCr = false;

  constructor(private readonly onData: (data: string) => void) {}

  /** Takes bytes cut anywhere. @throws NotUtf8 */
  push(chunk: Buffer): void {
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    if (this.atStart) {
      if (bytes.length < 3 && BYTE_ORDER_MARK.subarray(0, bytes.length).equals(bytes)) {
        this.rest = bytes;
        return;
      }
      this.atStart = false;
      if (bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) bytes = bytes.subarray(3);
    }
    this.rest = this.lines(bytes);
  }

  /** Handles every whole line, and returns what is left. */
  private lines(bytes: Buffer): Buffer {
    // Where the search may begin: what was left before has no line end.
    let from = 0;
    if (this.afterCr && bytes.length > 0) {
      this.afterCr = false;
      if (bytes[0] === LF) from = 1;
    }
    let cr = bytes.indexOf(CR, from);
    while (from < bytes.length) {
      // The empty line after an event, without a search.
      const lf = bytes[from] === LF ? from : bytes.indexOf(LF, from);
      if (lf === -1 && cr === -1) return bytes.subarray(from);
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
      this.line(bytes, from, end);
      from = end + 1;
      if (end !== cr) continue;
      if (bytes[from] === LF) from++;
      else if (from === bytes.length) this.afterCr = true;
      cr = bytes.indexOf(CR, from);
    }
    return NOTHING;
  }

  private line(bytes: Buffer, from: number, to: number): void {
    if (from === to) return this.dispatch();
    let start = from + 4;
    if (start > to || !isData(bytes, from)) return;
    if (start < to) {
      if (bytes[start] !== COLON) return;
      start++;
      if (bytes[start] === SPACE && start < to) start++;
    }
    const text = bytes.toString('utf8', start, to);
    // Where decoding put no replacement character, nothing was replaced.
    if (text.includes('\uFFFD') && !isUtf8(bytes.subarray(start, to)))
      throw new NotUtf8('the stream is not UTF-8');
    this.data = this.data === undefined ? text : `${this.data}\n${text}`;
  }

  private dispatch(): void {
    const { data } = this;
    this.data = undefined;
    if (data !== undefined) this.onData(data);
  }
}

const isData = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 100 && bytes[at + 1] === 97 && bytes[at + 2] === 116 && bytes[at + 3] === 97;
