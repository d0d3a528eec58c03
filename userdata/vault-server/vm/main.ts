/** `node vault-vm.mjs first-keys|snapshot|watch CONFIG`: what the VM does for the Vault on it. */
import { readFile } from 'node:fs/promises';
import { openAws } from '../../vm/aws';
import { instanceId, journalNews } from '../../vm/journal';
import { metricLine, sendEvents } from '../../vm/telling';
import type { VaultVmConfig } from '../config';
import { deliverFirstKeys } from './first-keys';
import { takeSnapshot } from './snapshot';
import { lookAtVault } from './watch';

const [command, configPath] = process.argv.slice(2) as [string, string];
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const COMMANDS: Readonly<Record<string, (config: VaultVmConfig) => Promise<void>>> = {
  async 'first-keys'(config) {
    if (await deliverFirstKeys(config, openAws(config, process.env)))
      say(`Vault is set up; its first keys are in the parameter ${config.firstKeysParameter}`);
  },
  async snapshot(config) {
    const { key } = await takeSnapshot(config, openAws(config, process.env).s3, new Date());
    say(`snapshot ${key}: fetched back and read`);
  },
  async watch(config) {
    const now = new Date();
    const news = await journalNews(config.directory);
    const events = [...news.events, metricLine(await lookAtVault(config, now), config.metrics, now)];
    await sendEvents(config, await instanceId(), events, openAws(config, process.env));
    // Only now: what could not be sent is sent in a minute.
    await news.taken();
  },
};

readFile(configPath, 'utf8')
  .then((text) => COMMANDS[command]!(JSON.parse(text) as VaultVmConfig))
  .catch((error: Error) => {
    say(`${command}: ${error.message}`);
    process.exitCode = 1;
  });
