/** wrk, https://github.com/wg/wrk: reads no answer further than HTTP needs. The limit of what a client can be. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolMissing, which } from '../../../ops/lib/tool';
import type { Client } from './client';
import { BODY } from './work';

/** It takes a time, not a number: so long for as many requests as are asked of it. */
const ROUGH_RATE = 13_000;

export const wrk: Client = {
  name: 'wrk',
  roughRate: ROUGH_RATE,
  install: () => {
    const path = which('wrk');
    if (!path) throw new ToolMissing('wrk', 'not on PATH', 'install the Debian package wrk');
    return {
      command: ({ requests, inFlight, url, dir }) => {
        const script = join(dir, 'post.lua');
        writeFileSync(
          script,
          `wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = ${JSON.stringify(BODY)}\n`,
        );
        const seconds = Math.max(1, Math.round(requests / ROUGH_RATE));
        return {
          argv: [
            ...[path, '-t1', `-c${inFlight}`, `-d${seconds}s`, '--latency', '-s', script],
            `${url}/chat/completions`,
          ],
        };
      },
      p99Ms: (stdout) => {
        const [, value, unit] = /99% +([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
        return value === undefined
          ? undefined
          : Number(value) * (unit === 's' ? 1000 : unit === 'us' ? 0.001 : 1);
      },
    };
  },
};
