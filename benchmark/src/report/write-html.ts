/** Writes the HTML report to where it belongs. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FILES } from '../run/directory';
import type { Shown } from '../share/shown';
import { writeOutput } from '../share/write-output';
import { plural } from './format';
import { htmlReport } from './html/page';
import { readTelemetry } from './read-telemetry';

/** An anonymized copy never takes the place of the report itself, nor the other way round. */
const NAMES = { own: 'report.html', anonymized: 'report-anonymized.html' };

export interface WrittenReport {
  readonly file: string;
  /** What was left out, to be said behind the file's name; empty when nothing was. */
  readonly note: string;
}

/**
 * @param path of the run: a directory, or its results alone
 * @param wanted where the user wants it; without it beside the results of a directory, and nowhere for a lone file
 * @throws InputError when it cannot be written
 */
export async function writeHtmlReport(
  run: Shown,
  path: string,
  wanted: string | undefined,
): Promise<WrittenReport | undefined> {
  const isDirectory = statSync(path).isDirectory();
  const telemetry = isDirectory ? readTelemetry(join(path, FILES.telemetry)) : null;
  const file =
    wanted ?? (isDirectory ? join(path, run.publicKey === null ? NAMES.anonymized : NAMES.own) : undefined);
  if (file === undefined) return undefined;
  writeOutput(file, await htmlReport(run, telemetry?.lines ?? null), 'report');
  const note = telemetry?.unread
    ? `; ${plural(telemetry.unread, 'line')} of ${FILES.telemetry} cannot be read`
    : '';
  return { file, note };
}
