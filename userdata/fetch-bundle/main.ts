/** `node fetch-bundle.mjs HOST_JSON BUNDLE`: the one program that user data brings along. */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fetchBundle, type BundleConfig } from './fetch-bundle';

const [configPath, bundlePath] = process.argv.slice(2) as [string, string];
const log = (line: string): void => void process.stderr.write(`fetch-bundle: ${line}\n`);

readFile(configPath, 'utf8')
  .then((text) =>
    fetchBundle(JSON.parse(text) as BundleConfig, bundlePath, {
      env: process.env,
      log,
      now: () => performance.now(),
      wait: (milliseconds) => wait(milliseconds),
    }),
  )
  .catch((error: Error) => {
    log(error.message);
    process.exitCode = 1;
  });
