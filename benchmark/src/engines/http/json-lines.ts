/** Parser of newline-delimited JSON objects, cut anywhere. */
import { isUtf8 } from 'node:buffer';
import { RequestFailure } from '../engine';

const LF = 10;

export class JsonLinesParser {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly onObject: (object: object) => void) {}

  /** @throws RequestFailure, `malformed` */
  push(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, from)) {
      if (end > from) this.onObject(objectIn(bytes.subarray(from, end)));
      from = end + 1;
    }
    this.rest = bytes.subarray(from);
  }
}

function objectIn(line: Buffer): object {
  if (!isUtf8(line)) throw new RequestFailure('malformed', 'a line is not UTF-8');
  const text = line.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below, as for JSON that is no object.
  }
  throw new RequestFailure('malformed', `a line is not a JSON object: ${JSON.stringify(text.slice(0, 100))}`);
}
