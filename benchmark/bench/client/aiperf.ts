/** AIPerf, https://github.com/ai-dynamo/aiperf, with the server's count of tokens, so that it need not count them itself. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { venvTool } from '../../../ops/lib/venv';
import type { Client } from './client';
import { writeTokenizer } from './tokenizer';
import { MODEL, QUESTION } from './work';

export const aiperf: Client = {
  name: 'aiperf',
  roughRate: 300,
  install: () => {
    const { path } = venvTool({ name: 'aiperf', requirement: 'aiperf==0.13.0', program: 'aiperf' });
    return {
      command: ({ requests, inFlight, url, dir }) => {
        const questions = join(dir, 'questions.jsonl');
        writeFileSync(questions, `${JSON.stringify({ text: QUESTION })}\n`);
        return {
          argv: [
            ...[path, 'profile', '--model', MODEL, '--url', new URL(url).origin],
            ...[
              '--endpoint-type',
              'chat',
              '--streaming',
              '--tokenizer',
              writeTokenizer(dir),
              '--use-server-token-count',
            ],
            ...['--input-file', questions, '--custom-dataset-type', 'single_turn'],
            ...['--request-count', String(requests), '--concurrency', String(inFlight)],
            ...['--no-server-metrics', '--no-gpu-telemetry', '--ui', 'none', '--artifact-dir', 'artifacts'],
          ],
        };
      },
      p99Ms: (_stdout, dir) => {
        const file = join(dir, 'artifacts/profile_export_aiperf.json');
        const { request_latency } = JSON.parse(readFileSync(file, 'utf8')) as {
          readonly request_latency: { readonly p99: number };
        };
        return request_latency.p99;
      },
    };
  },
};
