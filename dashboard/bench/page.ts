/** A first visit in a real browser: how much it loads, and when something is to be seen and to be used. */
import { chromium, type Browser } from 'playwright-core';
import { atMost, figure, heading, ms } from './goals';
import { tool } from '../../test/support/tools';
import { median } from './requests';

const VISITS = 5;
const PATHS = ['/', '/runs', '/models'] as const;
const MOST_KB = 300;

interface Seen {
  readonly firstContentfulPaintMs: number;
  readonly largestContentfulPaintMs: number;
  readonly layoutShift: number;
  /** Of tasks longer than 50 ms, what is beyond that: what Lighthouse calls total blocking time. */
  readonly blockingMs: number;
  /** When the last of these was noted. */
  readonly lastMs: number;
}

interface Visit extends Seen {
  readonly scriptBytes: number;
}

export async function page(url: string): Promise<void> {
  const { path } = tool('chromium');
  heading(`the page in Chromium, median of ${VISITS} first visits`);
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  try {
    for (const place of PATHS) {
      const visits: Visit[] = [];
      for (let i = 0; i < VISITS; i++) visits.push(await visit(browser, `${url}${place}`));
      const of = (field: keyof Visit): number => median(visits.map((one) => one[field]));
      figure(`${place} first contentful paint`, ms(of('firstContentfulPaintMs')));
      figure(`${place} largest contentful paint`, ms(of('largestContentfulPaintMs')));
      figure(`${place} cumulative layout shift`, of('layoutShift').toFixed(3));
      figure(`${place} blocked by long tasks`, ms(of('blockingMs')));
      const kilobytes = of('scriptBytes') / 1000;
      figure(`${place} JavaScript, as sent`, `${kilobytes.toFixed(0)} kB`, atMost(kilobytes, MOST_KB));
    }
  } finally {
    await browser.close();
  }
}

/** With nothing in its cache. */
async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const tab = await context.newPage();
    await tab.addInitScript(OBSERVE);
    const session = await context.newCDPSession(tab);
    await session.send('Network.enable');
    const scripts = new Set<string>();
    let scriptBytes = 0;
    session.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Script') scripts.add(requestId);
    });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) scriptBytes += encodedDataLength;
    });
    await tab.goto(url, { waitUntil: 'load' });
    await tab.waitForSelector('main h1');
    // Until nothing new has been painted for a second.
    await tab.waitForFunction(
      () => performance.now() - (globalThis as unknown as { he300Bench: Seen }).he300Bench.lastMs > 1000,
    );
    const seen = (await tab.evaluate('globalThis.he300Bench')) as Seen;

    return { ...seen, scriptBytes };
  } finally {
    await context.close();
  }
}

/** Runs in the page before anything of it does. */
const OBSERVE = `
  const seen = { firstContentfulPaintMs: 0, largestContentfulPaintMs: 0, layoutShift: 0, blockingMs: 0, lastMs: 0 };
  globalThis.he300Bench = seen;
  const watch = (type, note) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) note(entry);
      seen.lastMs = performance.now();
    }).observe({ type, buffered: true });
  watch('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') seen.firstContentfulPaintMs = startTime;
  });
  watch('largest-contentful-paint', ({ startTime }) => { seen.largestContentfulPaintMs = startTime; });
  watch('layout-shift', ({ value, hadRecentInput }) => { if (!hadRecentInput) seen.layoutShift += value; });
  watch('longtask', ({ duration }) => { seen.blockingMs += duration - 50; });
`;
