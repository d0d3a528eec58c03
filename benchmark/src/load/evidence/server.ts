/** What the server’s own page of metrics says of its queue. */
import type { Telemetry } from '../../contract/telemetry';
import { type Findings, joined, percent, said, unknown, warned } from './findings';

const KV_CACHE_FULL = 0.95;

/** @param concurrency requests that the runner kept in flight */
export function serverFindings(server: Telemetry['server'], concurrency: number): Findings {
  if (!server)
    return unknown(
      'the server’s queue: no page of metrics told of it (vLLM has one, llama-server with --metrics)',
    );
  const { kind, running, waiting, kvCache } = server;
  const cache = kvCache ? `, KV cache ${percent(kvCache.mean)} full` : '';
  const requests = running.mean + waiting.mean;
  return joined(
    said(
      `${kind}: ${running.mean.toFixed(1)} requests at work, ${waiting.mean.toFixed(1)} waiting${cache} (mean)`,
    ),
    ...(requests > 1.25 * concurrency + 1
      ? [
          warned(
            `the server had ${requests.toFixed(0)} requests while ${concurrency} were in flight: somebody else uses it`,
          ),
        ]
      : []),
  );
}

/** Requests waited because the server had no memory left for their keys and values. */
export const kvCacheFull = (server: Telemetry['server']): boolean =>
  server !== null && server.waiting.mean >= 1 && (server.kvCache?.p95 ?? 0) >= KV_CACHE_FULL;
