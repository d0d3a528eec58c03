/** The dashboard's page in real Chromium, on runs of the real runner: every page is looked at, and what people do on it is done. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { SamplePage } from '../../dashboard/api/sample';
import { generateRun } from '../../dashboard/bench/generated-run';
import { sendFile } from '../../dashboard/bench/send-run';
import { launchBrowser, NARROW, Visitor, WIDE, type VisitorOptions } from '../support/browser';
import type { DashboardProcess } from '../support/dashboard-process';
import { endedRun, hostile, HOSTILE_MODEL, HOSTILE_REPORT } from '../support/hostile';
import { letterOf, send } from '../support/letters';
import { describeWithTools } from '../support/skip';
import { RUNS, visitedDashboard } from '../support/visited-dashboard';

jest.setTimeout(90_000);
/** The first time, the page is built and Chromium installed. */
const PREPARING_MS = 240_000;

describeWithTools(['chromium'], 'the page', ({ chromium }) => {
  let dir: string;
  let browser: Browser;
  let dashboard: DashboardProcess;
  let visitor: Visitor;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-browser-'));
    [browser, dashboard] = await Promise.all([launchBrowser(chromium.path), visitedDashboard(dir)]);
  }, PREPARING_MS);
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

  test('a flaw would be seen', async () => {
    await come();
    const { page } = visitor;
    await visitor.open('/models');
    await page.evaluate(`
      document.body.insertAdjacentHTML('beforeend', '<img src="/icon.svg"><p style="width: 2000px">wide</p>');
      console.error('a word');
      const script = document.createElement('script');
      script.textContent = 'globalThis.he300Hit = true';
      document.body.append(script);
      void fetch('http://127.0.0.1:9/').catch(() => undefined);
    `);
    await page.evaluate('alert(1)');
    expect(await visitor.overflow()).toBeGreaterThan(100);
    expect(await visitor.inaccessible()).toEqual([expect.stringMatching(/^critical image-alt: /)]);
    const faults = visitor.faults().join('\n');
    for (const fault of ['console: a word', 'violates the following Content Security Policy', 'dialog: 1'])
      expect(faults).toContain(fault);
    expect(faults).toMatch(
      /request to another origin: http:\/\/127\.0\.0\.1:9\/|Refused to connect|connect-src/,
    );
    expect(await page.evaluate('globalThis.he300Hit')).toBeUndefined();
  });

  test('the page of the API shows every route, from its own files', async () => {
    await come();
    await visitor.open('/docs');
    await visitor.page.getByText('/api/runs/{runId}', { exact: true }).waitFor();
    await visitor.page.getByText('/api/webhooks/he300', { exact: true }).waitFor();
    expect(visitor.faults()).toEqual([]);
  });

  describe('a person', () => {
    test('signs in with a token, is told when it is none, and comes to where they wanted to go', async () => {
      await come();
      const { page } = visitor;
      await visitor.open('/sign-in?next=%2Fmodels%3Fspec%3Dstarter');
      await page.getByLabel('Token').fill('he300_wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      expect(await page.getByLabel('Token').getAttribute('aria-invalid')).toBe('true');
      expect(await visitor.inaccessible()).toEqual([]);
      // Chromium tells of every answer that is an error.
      expect(visitor.faults()).toEqual([expect.stringContaining('401')]);
      await page.getByLabel('Token').fill(dashboard.token);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/models?spec=starter');
      await page.getByRole('link', { name: 'Settings, signed in as test' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL('**/sign-in');
      await visitor.open('/settings');
      await page.getByText('Nobody is signed in').waitFor();
      expect(visitor.faults()).toEqual([]);
    });

    test('filters and sorts the runs, and finds both in the address after a reload', async () => {
      await come();
      const { page } = visitor;
      const ids = (): Promise<string[]> =>
        page
          .getByRole('table', { name: 'Runs' })
          .getByRole('rowheader')
          .locator('.font-mono')
          .allInnerTexts();
      await visitor.open('/runs');
      await page.getByRole('button', { name: 'Failed' }).click();
      await page.waitForURL('**/runs?state=FAILED');
      await visitor.settled();
      expect(await ids()).toEqual(['demo-cedar-1']);
      await page.getByRole('button', { name: 'Completed' }).click();
      await page.getByRole('searchbox', { name: 'Search' }).fill('cedar');
      await page.waitForURL('**q=cedar*');
      await page.getByRole('button', { name: 'Accuracy' }).click();
      await page.waitForURL('**sort=-accuracy*');
      await page.reload();
      await visitor.settled();
      expect(await ids()).toEqual(['demo-cedar-3', 'demo-cedar-2', 'demo-cedar-1']);
      expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('cedar');
      expect(await page.getByRole('columnheader', { name: 'Accuracy' }).getAttribute('aria-sort')).toBe(
        'descending',
      );
      await page.getByRole('searchbox', { name: 'Search' }).fill("%' or 1=1; drop table run; --");
      await page.getByText('No run fits these filters').first().waitFor();
      await page.getByRole('button', { name: 'Clear the filters' }).click();
      await page.getByText(RUNS.first, { exact: true }).waitFor();
      expect(visitor.faults()).toEqual([]);
    });

    test('picks two runs and holds them against each other; runs that were asked otherwise are refused', async () => {
      await come();
      const { page } = visitor;
      await visitor.open('/runs?state=COMPLETED');
      const pick = (id: string) =>
        page.getByRole('checkbox', { name: `Pick ${id} for a comparison` }).check();
      await pick(RUNS.first);
      expect(await page.getByRole('button', { name: 'Compare' }).isDisabled()).toBe(true);
      await pick(RUNS.second);
      await page.getByRole('region', { name: 'Comparison' }).getByRole('link', { name: 'Compare' }).click();
      await page.waitForURL(`**/compare?runs=${RUNS.first},${RUNS.second}`);
      const table = page.getByRole('table', { name: 'What stands behind the verdicts' });
      await table.waitFor();
      const cells = await table.getByRole('row').nth(1).getByRole('cell').allInnerTexts();
      const counts = cells.slice(-4).map(Number);
      // Of the starter pack, each scenario once; at such a temperature the model does not say the same again.
      expect(counts.reduce((sum, count) => sum + count)).toBe(60);
      expect(counts[1]! + counts[2]!).toBeGreaterThan(0);

      await page.getByRole('button', { name: `Take ${RUNS.second} away` }).click();
      await page.getByLabel('Find a completed run').fill('alder-1');
      await page.getByRole('button', { name: 'Add demo-alder-1' }).click();
      await page.getByRole('heading', { name: 'These runs cannot be compared' }).waitFor();
      await page.getByRole('button', { name: 'Compare what they share' }).click();
      await page.waitForURL('**intersect=true*');
      await visitor.settled();
      expect(await table.count()).toBe(0);
      expect(visitor.faults()).toEqual([]);
    });

    test('looks for words in the wrong answers, and shares what was found', async () => {
      await come();
      const { page } = visitor;
      await visitor.open(`/runs/${RUNS.first}`);
      await page.getByRole('tab', { name: 'Answers' }).click();
      await page.getByRole('button', { name: 'Wrong' }).click();
      await page.waitForURL('**outcome=wrong*');
      await visitor.settled();
      const { total, items } = await dashboard.json<SamplePage>(
        `/api/runs/${RUNS.first}/samples?outcome=wrong&pass=scored`,
      );
      expect(total).toBeGreaterThan(0);
      await page.getByText(new RegExp(`^${total} answers? of 60$`)).waitFor();
      const word = /\b[a-z]{6,}\b/.exec(items[0]!.prompt!.at(-1)!.content)![0];
      await page.getByLabel('Words in the prompt, the answer or the id').fill(word);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**q=${word}*`);
      await page.reload();
      await visitor.settled();
      const cards = page.getByRole('article');
      expect(await cards.count()).toBeGreaterThan(0);
      for (const card of await cards.all()) {
        await card.getByText('Wrong', { exact: true }).first().waitFor();
        expect((await card.locator('mark').allInnerTexts()).map((text) => text.toLowerCase())).toContain(
          word,
        );
      }
      await page.getByLabel('Words in the prompt, the answer or the id').fill("zzz' or '1'='1");
      await page.keyboard.press('Enter');
      await page.getByText('No answer is like this').waitFor();
      expect(visitor.faults()).toEqual([]);
    });

    test('makes a token, sees it this once, and revokes it: whoever has it is locked out', async () => {
      await come({ token: dashboard.token });
      const { page } = visitor;
      await visitor.open('/settings');
      await page.getByRole('button', { name: 'New token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('<b>guest</b>');
      await dialog.getByRole('button', { name: 'Make the token' }).click();
      await dialog.getByRole('alert').waitFor();
      expect(visitor.faults()).toEqual([expect.stringContaining('400')]);
      await dialog.getByLabel('Name').fill('guest');
      expect(await visitor.inaccessible('[role=dialog]')).toEqual([]);
      await dialog.getByRole('button', { name: 'Make the token' }).click();
      const secret = await dialog.locator('code').innerText();
      const asked = () =>
        fetch(`${dashboard.url}/api/session`, { headers: { authorization: `Bearer ${secret}` } });
      expect(await (await asked()).json()).toMatchObject({ role: 'viewer', name: 'guest' });
      await dialog.getByRole('button', { name: 'Done' }).click();
      expect(await page.content()).not.toContain(secret);

      await page.getByRole('button', { name: 'Revoke guest' }).click();
      await dialog.getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('row', { name: 'guest' }).getByText('revoked').waitFor();
      expect((await asked()).status).toBe(401);
      await page.getByRole('tab', { name: 'Audit log' }).click();
      await page.getByText('token.revoke').first().waitFor();
      expect(visitor.faults()).toEqual([]);
    });

    test('needs no mouse: skips to the page, goes to a run, opens it, changes its tab', async () => {
      await come();
      const { page } = visitor;
      const focused = (what: string) => page.evaluate(`document.activeElement.${what}`);
      await visitor.open('/runs?q=local-first');
      await page.keyboard.press('Tab');
      expect(await focused('textContent')).toBe('Skip to the page');
      await page.keyboard.press('Enter');
      expect(await focused('id')).toBe('main');
      // Past the filters and the heads of the table; more presses than that would mean that it cannot be reached.
      let presses = 0;
      while ((await focused("getAttribute('href')")) !== `/runs/${RUNS.first}` && presses++ < 40) {
        await page.keyboard.press('Tab');
        expect(await focused('matches(":focus-visible")')).toBe(true);
      }
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/runs/${RUNS.first}`);
      await page.getByRole('tab', { name: 'Results' }).focus();
      await page.keyboard.press('ArrowRight');
      await page.waitForURL('**tab=performance');
      expect(await focused('textContent')).toBe('Performance');
      expect(visitor.faults()).toEqual([]);
    });

    test('sees a run appear, go on and come to its end, without loading the page again', async () => {
      await come();
      const { page } = visitor;
      const run = generateRun(1, { environment: 'test' });
      const tell = async (place: number) =>
        expect(await send(dashboard, letterOf(run, place))).toMatchObject({ status: 202 });
      await visitor.open('/runs');
      await page.getByText('Live', { exact: true }).waitFor();
      await visitor.sameDocument();
      await tell(0);
      const row = page.getByRole('row').filter({ hasText: run.runId });
      await row.getByText('Running').waitFor();
      await tell(1);
      await row.getByText('75 of 300').waitFor();
      await row.getByRole('link').click();
      await page.getByText('75 of 300 scenarios').waitFor();
      await tell(2);
      await page.getByText('150 of 300 scenarios').waitFor();
      for (const file of run.files) await sendFile(dashboard, run.runId, file);
      await tell(run.events.length - 1);
      await page.getByRole('heading', { level: 1 }).getByText('Completed').waitFor();
      await page.getByRole('heading', { name: 'Accuracy by category' }).waitFor();
      expect(await visitor.sameDocument()).toBe(true);
      expect(visitor.faults()).toEqual([]);
    });
  });

  describe('text that means harm is text', () => {
    const failed = endedRun(2, 'failed');
    const cancelled = endedRun(3, 'cancelled');
    beforeAll(async () => {
      for (const run of [failed, cancelled])
        for (const place of [0, 1])
          expect(await send(dashboard, letterOf(run, place))).toMatchObject({ status: 202 });
      const report = { kind: 'report', name: 'report.html', contentType: 'text/html' } as const;
      await sendFile(dashboard, failed.runId, { ...report, body: Buffer.from(HOSTILE_REPORT) });
    });

    const run = `/runs/${RUNS.hostile}`;
    test.each([
      ['on the overview', '/', [HOSTILE_MODEL]],
      ['among the runs', '/runs?trigger=pull-request', [HOSTILE_MODEL]],
      ['among the models', '/models', [HOSTILE_MODEL]],
      ['in a trend', `/trends?spec=starter&model=${encodeURIComponent(HOSTILE_MODEL)}`, [HOSTILE_MODEL]],
      ['where runs are picked', '/compare', [HOSTILE_MODEL]],
      ['of a run', run, [HOSTILE_MODEL, '<img src=x alt=gpu>']],
      ['of its answers', `${run}?tab=samples&q=img`, [hostile('answer').slice(-20), 'he300Hit=']],
      ['of where it comes from', `${run}?tab=provenance`, [hostile('branch'), '<img src=x alt=actor>']],
      ['of a run that failed', `/runs/${failed.runId}`, [hostile('cause'), hostile('log')]],
      ['of one that was cancelled', `/runs/${cancelled.runId}`, [hostile('reason'), '<img src=x alt=by>']],
      ['of what is looked for', `/runs?q=${encodeURIComponent(hostile('q'))}`, ['No run fits these filters']],
    ])('%s', async (_name, path, words) => {
      await come();
      const { page } = visitor;
      await visitor.open(path);
      for (const each of words) await page.getByText(each).filter({ visible: true }).first().waitFor();
      expect(await page.locator('img[src="x"], main script').count()).toBe(0);
      expect(await page.evaluate('globalThis.he300Hit')).toBeUndefined();
      expect(visitor.faults()).toEqual([]);
    });
  });

  describe('a report', () => {
    test('of the runner is shown as it wrote it', async () => {
      await come({ token: dashboard.token });
      await visitor.open(`/api/runs/${RUNS.first}/artifacts/report.html`);
      await visitor.page.getByRole('heading', { level: 1 }).waitFor();
      expect(visitor.faults()).toEqual([]);
      expect(await visitor.overflow()).toBe(0);
    });

    test('of somebody who means harm runs nothing, and has no access to our origin', async () => {
      await come({ token: dashboard.token });
      const { page } = visitor;
      await visitor.open(`/api/runs/${endedRun(2, 'failed').runId}/artifacts/report.html`);
      await page.getByRole('link', { name: 'Leave' }).click();
      await page.getByRole('button', { name: 'Send' }).click();
      expect(await page.locator('#proof').innerText()).toBe('not run');
      expect(await page.evaluate('self.origin')).toBe('null');
      expect(
        await page.evaluate('(() => { try { return document.cookie; } catch (e) { return e.name; } })()'),
      ).toBe('SecurityError');
      expect(page.frames().map((frame) => frame.url())).not.toContain(`${dashboard.url}/settings`);
      expect(new URL(page.url()).pathname).toMatch(/report\.html$/);
    });
  });
});
