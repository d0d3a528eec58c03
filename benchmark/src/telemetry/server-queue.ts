/**
 * What a model server tells of its own queue on its page of metrics. vLLM: https://docs.vllm.ai/en/latest/usage/metrics/;
 * llama-server, when it was started with `--metrics`: https://github.com/ggml-org/llama.cpp/tree/master/tools/server.
 * Ollama has no such page.
 */
import type { ServerReading } from '../contract/telemetry-line';
import { type Metrics, MetricsPage, sumOf } from './metrics-page';
import type { Reading, Source } from './source';

interface Names {
  readonly kind: ServerReading['kind'];
  readonly running: string;
  readonly waiting: string;
  /** Newest name first. */
  readonly kvCache: readonly string[];
}

const SERVERS: readonly Names[] = [
  {
    kind: 'vllm',
    running: 'vllm:num_requests_running',
    waiting: 'vllm:num_requests_waiting',
    kvCache: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'],
  },
  {
    kind: 'llama-server',
    running: 'llamacpp:requests_processing',
    waiting: 'llamacpp:requests_deferred',
    kvCache: ['llamacpp:kv_cache_usage_ratio'],
  },
];

const WANTED = new Set(SERVERS.flatMap(({ running, waiting, kvCache }) => [running, waiting, ...kvCache]));

export class ServerQueue implements Source {
  private readonly page: MetricsPage;

  /** @param server any address of it */
  constructor(server: URL) {
    this.page = new MetricsPage(new URL('/metrics', server), WANTED);
  }

  async read(): Promise<Reading> {
    const metrics = await this.page.read();
    const server = metrics && queueIn(metrics);
    return server ? { server } : {};
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** Over all engines of the server; undefined when no known server tells of its queue there. */
export function queueIn(metrics: Metrics): ServerReading | undefined {
  for (const { kind, running, waiting, kvCache } of SERVERS) {
    const [atWork, inQueue] = [sumOf(metrics, running), sumOf(metrics, waiting)];
    if (atWork === undefined || inQueue === undefined || atWork < 0 || inQueue < 0) continue;
    return { kind, running: atWork, waiting: inQueue, kvCache: fullest(metrics, kvCache) };
  }
  return undefined;
}

/** Each engine has a cache of its own, and the fullest is the one that matters. */
function fullest(metrics: Metrics, names: readonly string[]): number | null {
  for (const name of names) {
    const values = (metrics.get(name) ?? []).map(({ value }) => value).filter((v) => v >= 0 && v <= 1);
    if (values.length > 0) return Math.max(...values);
  }
  return null;
}
