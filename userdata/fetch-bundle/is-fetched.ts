/** The fetch as a program does it: told by a file, and telling how it went. */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fetchBundle, type BundleConfig } from './fetch-bundle';

const log = (line: string): void => void process.stderr.write(`fetch-bundle: ${line}\n`);

/** @param configPath of the `host.json`, or what else says where the bundle is */
export async function isFetched(configPath: string, bundlePath: string): Promise<boolean> {
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
