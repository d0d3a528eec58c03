/** What our units have had to say since the last time that somebody asked. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { journalEvents, type LogEvent } from './log-batches';

const JOURNAL_BYTES = 64 * 1024 * 1024;
const INSTANCE_ID = '/var/lib/cloud/data/instance-id';

export interface News {
  readonly events: readonly LogEvent[];
  /** Until this is called, the next time tells of the same again. */
  taken(): Promise<void>;
}

/** @param directory where the place in the journal is kept */
export async function journalNews(directory: string): Promise<News> {
  const [cursor, next] = [join(directory, 'cursor'), join(directory, 'cursor.next')];
  if (existsSync(cursor)) await copyFile(cursor, next);
  const args = ['--unit=he300-*', '--output=json', '--quiet', '--lines=20000', `--cursor-file=${next}`];
  const journal = execFileSync('journalctl', args, { encoding: 'utf8', maxBuffer: JOURNAL_BYTES });
  return {
    events: journalEvents(journal),
    async taken() {
      if (existsSync(next)) await rename(next, cursor);
    },
  };
}

/** As the cloud names the VM. */
export const instanceId = async (): Promise<string> => (await readFile(INSTANCE_ID, 'utf8')).trim();
