/** `node vm.mjs watch|backup|first-token CONFIG`: what the dashboard's VM does besides serving. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAws } from '../../vm/aws';
import { instanceId, journalNews } from '../../vm/journal';
import { metricLine, sendEvents } from '../../vm/telling';
import type { VmConfig } from '../config';
import { backUp } from './backup';
import { writeFirstToken } from './first-token';
import { lookAtHealth } from './watch';

const [command, configPath] = process.argv.slice(2) as [string, string];
const program = join(dirname(fileURLToPath(import.meta.url)), 'dashboard.mjs');

async function watch(config: VmConfig): Promise<void> {
  const now = new Date();
  const news = await journalNews(process.env['STATE_DIRECTORY'] ?? config.dataDir);
  const events = [...news.events, metricLine(await lookAtHealth(config, now), config.metrics, now)];
  await sendEvents(config, await instanceId(), events, openAws(config, process.env));
  // Only now: what could not be sent is sent in a minute.
  await news.taken();
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
