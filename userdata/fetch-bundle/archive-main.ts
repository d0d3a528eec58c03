/** `node fetch-archive.mjs CONFIG ARCHIVE`: fetches, and leaves it to others what becomes of it. */
import { REFUSED_EXIT_CODE } from './exit-code';
import { isFetched } from './is-fetched';

const [configPath, archivePath] = process.argv.slice(2) as [string, string];
if (!(await isFetched(configPath, archivePath))) process.exitCode = REFUSED_EXIT_CODE;
