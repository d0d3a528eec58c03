/** A program of this directory as a client: `REQUESTS CONCURRENCY URL`, and prints its p99. */
import { bundled } from './bundled';
import type { Client } from './client';

export const ours =
  (program: string): Client['install'] =>
  () => {
    const file = bundled(program);
    return {
      command: ({ requests, inFlight, url }) => ({
        argv: [process.execPath, file, String(requests), String(inFlight), url],
      }),
      p99Ms: (stdout) => (JSON.parse(stdout) as { p99Ms?: number }).p99Ms,
    };
  };
