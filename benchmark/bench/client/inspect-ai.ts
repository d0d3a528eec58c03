/** inspect_ai, https://inspect.aisi.org.uk, streaming from an OpenAI-compatible server, with its exact scorer and its log. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { venvTool } from '../../../ops/lib/venv';
import type { Client } from './client';
import { MODEL, QUESTION } from './work';

const task = (requests: number): string => `
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import includes
from inspect_ai.solver import generate

@task
def echo():
    question = ${JSON.stringify(QUESTION)}
    samples = [Sample(id=n, input=question, target="ETHICAL") for n in range(${requests})]
    return Task(dataset=MemoryDataset(samples), solver=generate(), scorer=includes())
`;

export const inspectAi: Client = {
  name: 'inspect_ai',
  roughRate: 30,
  install: () => {
    const { path } = venvTool({
      name: 'inspect-ai-openai',
      requirement: 'inspect-ai==0.3.285',
      also: ['openai==3.57.0'],
      program: 'inspect',
    });
    return {
      command: ({ requests, inFlight, url, dir }) => {
        writeFileSync(join(dir, 'echo.py'), task(requests));
        return {
          argv: [
            ...[path, 'eval', 'echo.py', '--model', `openai-api/echo/${MODEL}`, '--model-base-url', url],
            ...[
              '-M',
              'stream=true',
              '--max-connections',
              String(inFlight),
              '--max-samples',
              String(inFlight),
            ],
            ...['--display', 'none', '--log-format', 'json', '--log-dir', 'logs'],
          ],
          env: { ECHO_API_KEY: 'none' },
        };
      },
      // Its log tells how long a sample took, and not how long a request did.
      p99Ms: () => undefined,
    };
  },
};
