/** The process of `he300-dashboard`. */
import { run } from './run';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Somebody who asks twice does not want to wait.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}

void run(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stdin: async () => {
    const pieces: Buffer[] = [];
    for await (const piece of process.stdin) pieces.push(piece as Buffer);
    return Buffer.concat(pieces).toString();
  },
  env: process.env,
  now: () => new Date(),
  stop: stop.signal,
}).then((code) => (process.exitCode = code));
