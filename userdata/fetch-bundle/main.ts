/**
 * `node fetch-bundle.mjs HOST_JSON BUNDLE ARGUMENT…`: the one program that user data brings along. It fetches the bundle and
 * goes on as `node BUNDLE ARGUMENT…` in the same process: Node is started once, which is a good part of a host's way to
 * its first request.
 */
import { pathToFileURL } from 'node:url';
import { REFUSED_EXIT_CODE } from './exit-code';
import { isFetched } from './is-fetched';

const [node, , configPath, bundlePath, ...argv] = process.argv as [string, string, string, string];

if (await isFetched(configPath, bundlePath)) {
  process.argv = [node, bundlePath, ...argv];
  await import(pathToFileURL(bundlePath).href);
} else {
  process.exitCode = REFUSED_EXIT_CODE;
}
