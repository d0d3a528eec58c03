/**
 * An OpenAI chat server that streams eight tokens at once, or one every so many milliseconds: as little
 * work as can be, so that what a client costs shows. Prints its port; ends with its standard input.
 */
import { createServer, type Socket } from 'node:net';
import type { Served } from './echo';
import { MODEL, TOKENS } from './work';

const tokenMs = Number(process.argv[2] ?? 0);

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const event = (value: unknown): string => chunk(`data: ${JSON.stringify(value)}\n\n`);

const id = { id: 'x', object: 'chat.completion.chunk', created: 0, model: MODEL };
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const END =
  event({ ...id, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) +
  event({ ...id, choices: [], usage: { prompt_tokens: 100, completion_tokens: 8, total_tokens: 108 } }) +
  chunk('data: [DONE]\n\n') +
  '0\r\n\r\n';
/** What is written at once: head and end go with the first and the last token. */
const WRITES = TOKENS.map((content, i) => {
  const token = event({ ...id, choices: [{ index: 0, delta: { content }, finish_reason: null }] });
  return `${i === 0 ? HEAD : ''}${token}${i === TOKENS.length - 1 ? END : ''}`;
});
const MODELS = { object: 'list', data: [{ id: MODEL, object: 'model' }] };

let inFlight = 0;
let since = { answers: 0, mostInFlight: 0, firstMs: Number.POSITIVE_INFINITY, lastMs: 0 };

function served(): Served {
  const { answers, mostInFlight, firstMs, lastMs } = since;
  since = { answers: 0, mostInFlight: 0, firstMs: Number.POSITIVE_INFINITY, lastMs: 0 };
  return { answers, mostInFlight, seconds: Math.max(0, lastMs - firstMs) / 1000 };
}

function answer(socket: Socket, path: string): void {
  if (path.endsWith('/chat/completions')) stream(socket);
  else if (path.endsWith('/models')) json(socket, MODELS);
  else if (path.endsWith('/served')) json(socket, served());
  else socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
}

function json(socket: Socket, value: unknown): void {
  const body = JSON.stringify(value);
  socket.write(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

/** Each token is a write of its own, in a turn of its own: as a model server streams. */
function stream(socket: Socket): void {
  since.firstMs = Math.min(since.firstMs, performance.now());
  since.mostInFlight = Math.max(since.mostInFlight, ++inFlight);
  let next = 0;
  const write = (): void => {
    if (!socket.destroyed) socket.write(WRITES[next++]!);
    if (next < WRITES.length && !socket.destroyed) return later(write);
    inFlight--;
    since.answers++;
    since.lastMs = performance.now();
  };
  later(write);
}

const later = (turn: () => void): void =>
  void (tokenMs === 0 ? setImmediate(turn) : setTimeout(turn, tokenMs));

/** Requests of one connection, each with its whole body, one after another. */
function serve(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let pending = '';
  socket.on('data', (bytes) => {
    pending += bytes.toString('latin1');
    for (;;) {
      const head = pending.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(pending.slice(0, head))?.[1] ?? 0);
      if (pending.length < head + 4 + length) return;
      const [, path] = pending.split(' ', 2);
      pending = pending.slice(head + 4 + length);
      answer(socket, path!);
    }
  });
}

const server = createServer(serve).listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(address.port);
});
process.stdin.resume().on('end', () => process.exit());
