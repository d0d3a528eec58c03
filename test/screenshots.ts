/** `npm run screenshots`: pictures of the dashboard for the README, of the made-up runs of `seed-demo`. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser, Visitor } from './support/browser';
import { DashboardProcess, PROGRAM } from './support/dashboard-process';
import { call } from './support/he300';
import { tool } from './support/tools';

const IMAGES = join(__dirname, '../docs/images');
const MOST_BYTES = 150_000;
const SIZE = { width: 1120, height: 640 } as const;

const PICTURES = [
  // One of the runs is silent: the server finds out a few seconds after its start.
  { name: 'overview', path: '/', words: 'Lost', colorScheme: 'light' },
  { name: 'run', path: '/runs/demo-cedar-3', words: 'Accuracy by category', colorScheme: 'dark' },
  {
    name: 'compare',
    path: '/compare?runs=demo-alder-2,demo-alder-3,demo-cedar-3',
    words: 'What stands behind the verdicts',
    colorScheme: 'light',
  },
] as const;

async function main(): Promise<void> {
  const { path: chromium } = tool('chromium');
  const dir = mkdtempSync(join(tmpdir(), 'he300-screenshots-'));
  const dashboard = await DashboardProcess.prepare({ dataDir: dir, withPage: true });
  const browser = await launchBrowser(chromium);
  try {
    const { code, stderr } = await call({ program: PROGRAM, argv: ['seed-demo'], env: dashboard.variables });
    if (code !== 0) throw new Error(stderr);
    await dashboard.start();
    mkdirSync(IMAGES, { recursive: true });
    for (const { name, path, words, colorScheme } of PICTURES) {
      const visitor = await Visitor.come(browser, dashboard.url, { colorScheme, viewport: SIZE });
      await visitor.open(path);
      await visitor.page.getByText(words).first().waitFor();
      await visitor.settled();
      const file = join(IMAGES, `${name}.png`);
      await visitor.page.screenshot({ path: file });
      await visitor.leave();
      const { size } = statSync(file);
      process.stdout.write(`${file}: ${size} bytes\n`);
      if (size > MOST_BYTES) throw new Error(`${file}: more than ${MOST_BYTES} bytes`);
    }
  } finally {
    await browser.close();
    await dashboard.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

void main();
