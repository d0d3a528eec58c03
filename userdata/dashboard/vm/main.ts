/** `node vm.mjs watch|backup|first-token CONFIG`: what the dashboard's VM does besides serving. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VmConfig } from '../config';
import { openAws } from './aws';
import { backUp } from './backup';
import { writeFirstToken } from './first-token';
import { journalEvents } from './log-batches';
import { lookAtHealth, metricLine, sendEvents } from './watch';

const [command, configPath] = process.argv.slice(2) as [string, string];
const program = join(dirname(fileURLToPath(import.meta.url)), 'dashboard.mjs');
const INSTANCE_ID = '/var/lib/cloud/data/instance-id';
const JOURNAL_BYTES = 64 * 1024 * 1024;

async function watch(config: VmConfig): Promise<void> {
  const now = new Date();
  const directory = process.env['STATE_DIRECTORY'] ?? config.dataDir;
  const [cursor, next] = [join(directory, 'cursor'), join(directory, 'cursor.next')];
  if (existsSync(cursor)) await copyFile(cursor, next);
  const args = ['--unit=he300-*', '--output=json', '--quiet', '--lines=20000', `--cursor-file=${next}`];
  const journal = execFileSync('journalctl', args, { encoding: 'utf8', maxBuffer: JOURNAL_BYTES });
  const events = [
    ...journalEvents(journal),
    metricLine(await lookAtHealth(config, now), config.metrics, now),
  ];
  const stream = (await readFile(INSTANCE_ID, 'utf8')).trim();
  await sendEvents(config, stream, events, openAws(config, process.env));
  // Only now: what could not be sent is sent in a minute.
  if (existsSync(next)) await rename(next, cursor);
}

const COMMANDS: Readonly<Record<string, (config: VmConfig) => Promise<void>>> = {
  watch,
  async backup(config) {
    const { key } = await backUp(config, program, openAws(config, process.env).s3, new Date());
    process.stderr.write(`backup ${key}: restored once\n`);
  },
  'first-token': (config) => writeFirstToken(config, program, openAws(config, process.env)),
};

readFile(configPath, 'utf8')
  .then((text) => COMMANDS[command]!(JSON.parse(text) as VmConfig))
  .catch((error: Error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    process.exitCode = 1;
  });
