/** The host's health over HTTP: on loopback, and in the tunnel. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gauge } from './check';
import type { Health } from './look';
import { CONTENT_TYPE, gaugesOf, metricsText } from './metrics';

export interface HealthServerOptions {
  readonly look: () => Promise<Health>;
  /** What else is told of the host. @default - nothing */
  readonly gauges?: () => readonly Gauge[];
  readonly port: number;
}

/** Those who ask often get the last answer: a look costs the host something. */
const FRESH_MS = 5_000;

export class HealthServer {
  private readonly servers: Server[] = [];
  private last: { readonly atMs: number; readonly health: Promise<Health> } | undefined;

  constructor(private readonly options: HealthServerOptions) {}

  /** Resolves to the port. @throws Error when it is in use */
  async listen(address: string): Promise<number> {
    // Loaded here: with it Node loads its whole `fetch`, and every other command would start by that much later.
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      void this.answer(request.url ?? '/').then(({ status, type, text }) =>
        response.writeHead(status, { 'content-type': type }).end(request.method === 'HEAD' ? '' : text),
      );
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.options.port, address, () => {
        // The host's life does not wait for those who look on.
        server.unref();
        this.servers.push(server);
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  close(): void {
    for (const server of this.servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  }

  private async answer(path: string): Promise<{ status: number; type: string; text: string }> {
    const json = 'application/json';
    try {
      if (path === '/healthz') {
        const health = await this.health();
        return {
          status: health.status === 'fail' ? 503 : 200,
          type: json,
          text: `${JSON.stringify(health)}\n`,
        };
      }
      if (path === '/metrics') {
        const { findings } = await this.health();
        const gauges = [...gaugesOf(findings), ...(this.options.gauges?.() ?? [])];
        return { status: 200, type: CONTENT_TYPE, text: metricsText(gauges) };
      }
      return { status: 404, type: json, text: '{}\n' };
    } catch (error) {
      return { status: 500, type: json, text: `${JSON.stringify({ error: (error as Error).message })}\n` };
    }
  }

  private health(): Promise<Health> {
    if (!this.last || performance.now() - this.last.atMs > FRESH_MS)
      this.last = { atMs: performance.now(), health: this.options.look() };
    return this.last.health;
  }
}
