/** GuideLLM, https://github.com/vllm-project/guidellm: brings PyTorch along, which is gigabytes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { venvTool } from '../../../ops/lib/venv';
import type { Client } from './client';
import { writeTokenizer } from './tokenizer';
import { MODEL, QUESTION } from './work';

export const guidellm: Client = {
  name: 'guidellm',
  roughRate: 80,
  install: () => {
    const { path } = venvTool({ name: 'guidellm', requirement: 'guidellm==0.8.1', program: 'guidellm' });
    return {
      command: ({ requests, inFlight, url, dir }) => {
        const questions = join(dir, 'questions.jsonl');
        writeFileSync(questions, `${JSON.stringify({ prompt: QUESTION })}\n`.repeat(requests));
        return {
          argv: [
            ...[path, 'run', '--disable-console-interactive'],
            ...[
              '--backend',
              `kind=openai_http,target=${new URL(url).origin},model=${MODEL},validate_backend=false`,
            ],
            ...['--profile', `kind=concurrent,streams=${inFlight}`],
            ...['--constraint', `kind=max_requests,count=${requests}`],
            ...['--data', `kind=json_file,path=${questions}`],
            ...['--tokenizer', `kind=huggingface_auto,model=${writeTokenizer(dir)}`],
            ...['--output', `kind=json,path=${join(dir, 'report.json')}`],
          ],
          env: { HF_HUB_OFFLINE: '1' },
        };
      },
      p99Ms: (_stdout, dir) => {
        const { benchmarks } = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report;
        return benchmarks[0].metrics.request_latency.successful.percentiles.p99 * 1000;
      },
    };
  },
};

interface Report {
  readonly benchmarks: readonly [
    {
      readonly metrics: {
        /** In seconds. */
        readonly request_latency: { readonly successful: { readonly percentiles: { readonly p99: number } } };
      };
    },
  ];
}
