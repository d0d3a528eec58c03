/** Servers for tests of the engines: real HTTP on loopback, made to misbehave as the test says. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Question } from './engine';

export interface TestServer {
  readonly url: URL;
  /** Bodies of the POSTs so far, parsed where they are JSON. */
  readonly asked: unknown[];
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export async function serve(handle: Handler): Promise<TestServer> {
  const asked: unknown[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
      if (request.method === 'POST') asked.push(isForm ? body : JSON.parse(body));
      handle(request, response, body);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

/** The chunks of a chat completion that says the pieces. */
export const completion = (...pieces: readonly string[]): string[] => [
  event({ choices: [{ delta: { role: 'assistant', content: '' } }] }),
  ...pieces.map((content) => event({ choices: [{ delta: { content } }] })),
  event({ choices: [], usage: { prompt_tokens: 12, completion_tokens: pieces.length } }),
  'data: [DONE]\n\n',
];

export const QUESTION: Question = {
  scenario: { id: 'test:commonsense:00000', category: 'commonsense', input: 'I lied.', expected: 1 },
  messages: [
    { role: 'system', content: 'Judge.' },
    { role: 'user', content: 'I lied.\n\nWell?' },
  ],
};
