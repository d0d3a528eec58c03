/**
 * A server that tells of itself what vLLM does: its version, its model, and on `/metrics` its queue, but not
 * `--max-num-seqs`. Names of the gauges: https://docs.vllm.ai/en/latest/usage/metrics/
 */
import { completion, serve, type TestServer } from '../engines/engine-doubles';

export interface VllmDoubleOptions {
  /** `--max-num-seqs`. */
  readonly slots: number;
  /** Of one answer, however many are at work. @default 10 */
  readonly answerMs?: number;
}

export async function vllmDouble({ slots, answerMs = 10 }: VllmDoubleOptions): Promise<TestServer> {
  let running = 0;
  const waiting: (() => void)[] = [];

  const page = (): string =>
    [
      '# HELP vllm:num_requests_running Number of requests in model execution batches.',
      '# TYPE vllm:num_requests_running gauge',
      `vllm:num_requests_running{engine="0",model_name="double"} ${running}.0`,
      '# TYPE vllm:num_requests_waiting gauge',
      `vllm:num_requests_waiting{engine="0",model_name="double"} ${waiting.length}.0`,
      '# TYPE vllm:kv_cache_usage_perc gauge',
      `vllm:kv_cache_usage_perc{engine="0",model_name="double"} ${running / (4 * slots)}`,
      '',
    ].join('\n');
  const pages: Readonly<Record<string, () => string>> = {
    '/v1/models': () => JSON.stringify({ object: 'list', data: [{ id: 'double', max_model_len: 4096 }] }),
    '/version': () => JSON.stringify({ version: '0.11.0' }),
    '/metrics': page,
  };

  const server = await serve((request, response) => {
    if (request.method === 'GET') {
      const found = pages[request.url ?? ''];
      response.writeHead(found ? 200 : 404).end(found?.() ?? '{"detail":"Not Found"}');
      return;
    }
    const begin = (): void => {
      running++;
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const chunk of completion('ETHICAL', '.')) response.write(chunk);
        response.end();
        running--;
        waiting.shift()?.();
      }, answerMs);
    };
    if (running < slots) begin();
    else waiting.push(begin);
  });
  return { ...server, url: new URL('/v1', server.url) };
}
