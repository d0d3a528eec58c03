/**
 * `node fetch-bundle.mjs HOST_JSON BUNDLE ARGUMENT…`: the one program that user data brings along. It fetches the bundle and
 * goes on as `node BUNDLE ARGUMENT…` in the same process: Node is started once, which is a good part of a host's way to
 * its first request.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { REFUSED_EXIT_CODE } from './exit-code';
import { fetchBundle, type BundleConfig } from './fetch-bundle';

const [node, , configPath, bundlePath, ...argv] = process.argv as [string, string, string, string];
const log = (line: string): void => void process.stderr.write(`fetch-bundle: ${line}\n`);

async function isFetched(): Promise<boolean> {
  try {
    const config = JSON.parse(await readFile(configPath, 'utf8')) as BundleConfig;
    const now = (): number => performance.now();
    await fetchBundle(config, bundlePath, {
      ...{ env: process.env, log, now },
      wait: (milliseconds) => wait(milliseconds),
    });
    return true;
  } catch (error) {
    log((error as Error).message);
    return false;
  }
}

if (await isFetched()) {
  process.argv = [node, bundlePath, ...argv];
  await import(pathToFileURL(bundlePath).href);
} else {
  process.exitCode = REFUSED_EXIT_CODE;
}
