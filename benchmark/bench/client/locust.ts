/** Locust, https://locust.io, with its fast client, which reads the answer and does not look into it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { venvTool } from '../../../ops/lib/venv';
import type { Client } from './client';
import { BODY } from './work';

/** Locust ends after a time; this ends it after a number of requests. */
const locustfile = (requests: number, path: string): string => `
import gevent
import itertools
from locust import FastHttpUser, task
from locust.exception import StopUser

BODY = ${JSON.stringify(BODY)}
asked = itertools.count(1)

class Asker(FastHttpUser):
    @task
    def ask(self):
        n = next(asked)
        if n > ${requests}:
            raise StopUser()
        self.client.post("${path}", data=BODY, headers={"Content-Type": "application/json"})
        if n == ${requests}:
            gevent.spawn(self.environment.runner.quit)
`;

export const locust: Client = {
  name: 'locust',
  roughRate: 3_000,
  install: () => {
    const { path } = venvTool({ name: 'locust', requirement: 'locust==2.47.0', program: 'locust' });
    return {
      command: ({ requests, inFlight, url, dir }) => {
        const { origin, pathname } = new URL(url);
        const file = join(dir, 'locustfile.py');
        writeFileSync(file, locustfile(requests, `${pathname}/chat/completions`));
        return {
          argv: [
            ...[path, '-f', file, '--host', origin, '--headless', '--only-summary', '--json-file', 'stats'],
            ...['--users', String(inFlight), '--spawn-rate', String(inFlight), '--exit-code-on-error', '0'],
          ],
        };
      },
      p99Ms: (_stdout, dir) => p99Of(JSON.parse(readFileSync(join(dir, 'stats.json'), 'utf8')) as Stats),
    };
  },
};

/** How often each time, in milliseconds, was seen. */
type Stats = readonly [{ readonly response_times: Readonly<Record<string, number>> }];

function p99Of([{ response_times }]: Stats): number | undefined {
  const times = Object.entries(response_times)
    .map(([ms, count]) => [Number(ms), count] as const)
    .sort(([a], [b]) => a - b);
  let left = 0.99 * times.reduce((sum, [, count]) => sum + count, 0);
  return times.find(([, count]) => (left -= count) <= 0)?.[0];
}
