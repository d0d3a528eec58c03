/** The dashboard's page in real Chromium, on runs of the real runner: every page is looked at, and what people do on it is done. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser, NARROW, Visitor, WIDE, type VisitorOptions } from '../support/browser';
import type { DashboardProcess } from '../support/dashboard-process';
import { describeWithTools } from '../support/skip';
import { RUNS, visitedDashboard } from '../support/visited-dashboard';

jest.setTimeout(240_000);

describeWithTools(['chromium'], 'the page', ({ chromium }) => {
  let dir: string;
  let browser: Browser;
  let dashboard: DashboardProcess;
  let visitor: Visitor;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-browser-'));
    [browser, dashboard] = await Promise.all([launchBrowser(chromium.path), visitedDashboard(dir)]);
  });
  afterEach(() => visitor.leave());
  afterAll(async () => {
    await browser.close();
    await dashboard.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const come = async (options: VisitorOptions = {}): Promise<Visitor> =>
    (visitor = await Visitor.come(browser, dashboard.url, options));

  describe('on every page, light and dark, wide and narrow, nobody is shut out and nothing is out of place', () => {
    const first = `/runs/${RUNS.first}`;
    const both = `${RUNS.first},${RUNS.second}`;
    test.each([
      ['the overview', '/', 'By category'],
      ['the runs', '/runs?sort=-accuracy', RUNS.second],
      ['a run', first, 'Accuracy by category'],
      ['its performance', `${first}?tab=performance`, 'Latency: end to end'],
      ['its answers', `${first}?tab=samples`, '60 answers'],
      ['its provenance', `${first}?tab=provenance`, 'report.html'],
      ['a comparison', `/compare?runs=${both}`, 'What stands behind the verdicts'],
      ['a comparison that is refused', `/compare?runs=${RUNS.first},demo-alder-1`, 'cannot be compared'],
      ['a trend', '/trends?model=demo%2Falder-3b', '1 regression'],
      ['the models', '/models', 'demo/birch-8b'],
      ['the tokens', '/settings', 'New token'],
      ['the webhook keys', '/settings?tab=webhook-keys', 'New key'],
      ['the audit log', '/settings?tab=audit', 'run.import'],
      ['the way in', '/sign-in', 'With a token'],
      ['an address that leads nowhere', '/nowhere', 'No such page'],
    ])('%s', async (_name, path, words) => {
      await come({ token: dashboard.token });
      const { page } = visitor;
      await visitor.open(path);
      await page.getByText(words).first().waitFor();
      const flaws: Record<string, unknown> = {};
      for (const size of [WIDE, NARROW])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize(size);
          await page.emulateMedia({ colorScheme });
          await visitor.settled();
          const found = await visitor.inaccessible();
          const overflow = await visitor.overflow();
          if (overflow > 0) found.push(`wider than its window by ${overflow} px`);
          if (found.length > 0) flaws[`${colorScheme} ${size.width}`] = found;
        }
      expect(flaws).toEqual({});
      expect(visitor.faults()).toEqual([]);
    });
  });
});
