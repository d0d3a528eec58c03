import { EXIT, run } from './run';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // A second one ends the process at once, and the sample log is made for that. Not `once`: packages that tidy up on exit
  // would find nobody listening any more, and end the process with the first.
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
  });
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stop: stop.signal,
  terminalColumns: process.stderr.isTTY && !process.env.CI ? process.stderr.columns : undefined,
});
