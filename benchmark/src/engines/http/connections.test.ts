import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestFailure } from '../engine';
import { HttpClient } from './http-client';

let server: Server;
let client: HttpClient;
/** Connections that the server has seen. */
let connections: number;
/** Those who wait for an answer, while there are none. */
let waiting: (() => void)[];
let silent: boolean;

beforeEach(async () => {
  [connections, waiting, silent] = [0, [], true];
  server = createServer((_request, response) => {
    waiting.push(() => response.end('{}'));
    if (!silent) waiting.splice(0).forEach((answer) => answer());
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new HttpClient(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ask = (timeLimitMs = 10_000): Promise<unknown> =>
  client.json({ method: 'GET', path: '/', timeLimitMs });

async function answerAll(count: number): Promise<void> {
  while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve));
  waiting.splice(0).forEach((answer) => answer());
}

test('after a time limit the connection is of use again', async () => {
  await expect(ask(20)).rejects.toMatchObject({ kind: 'timeout' } satisfies Partial<RequestFailure>);
  silent = false;
  await expect(ask()).resolves.toEqual({});
});

test('nothing is sent once it is closed', async () => {
  await client.close();
  await expect(ask()).rejects.toThrow(/destroyed/);
  expect(connections).toBe(0);
});

test('each request in flight has a connection, and those after it use them again', async () => {
  for (let round = 0; round < 3; round++) {
    const asked = Promise.all(Array.from({ length: 300 }, () => ask()));
    await answerAll(300);
    await asked;
  }
  expect(connections).toBe(300);
});
