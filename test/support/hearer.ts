/** Whoever a notice is posted to: an incoming webhook of a chat program, on a loopback port. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export class Hearer {
  /** What was posted, in order. */
  readonly heard: Readonly<Record<string, unknown>>[] = [];
  /** What it answers. */
  status = 200;

  private readonly server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const json = request.method === 'POST' && request.headers['content-type'] === 'application/json';
      if (json) this.heard.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(json ? this.status : 400).end();
    });
  });

  static async start(): Promise<Hearer> {
    const hearer = new Hearer();
    hearer.server.listen(0, '127.0.0.1');
    await once(hearer.server, 'listening');
    return hearer;
  }

  /** Whoever has it may post there: a secret. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks/canary-of-the-url`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
