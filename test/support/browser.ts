/** Debian's Chromium, and people who visit the dashboard with it: each notes whatever a page may never do. */
import axe from 'axe-core';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
/** Long enough for a machine that does much else. */
const LIMIT_MS = 20_000;

export const WIDE = { width: 1280, height: 860 } as const;
export const NARROW = { width: 360, height: 740 } as const;

export const launchBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS });

export interface VisitorOptions extends BrowserContextOptions {
  /** Signs in with it before the first page. @default - nobody is signed in */
  readonly token?: string;
}

export class Visitor {
  private noted: string[] = [];

  private constructor(
    readonly url: string,
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    // A violation of the content security policy is an error on the console too.
    page.on('console', (message) => {
      if (message.type() === 'error') this.noted.push(`console: ${message.text()}`);
    });
    page.on('pageerror', ({ message }) => this.noted.push(`uncaught: ${message}`));
    page.on('dialog', (dialog) => {
      this.noted.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      const isInside = protocol === 'data:' || protocol === 'blob:';
      if (origin !== url && !isInside) this.noted.push(`request to another origin: ${request.url()}`);
    });
  }

  static async come(browser: Browser, url: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { token, ...more } = options;
    // Movement would only make pictures and contrasts depend on the moment.
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', ...more });
    context.setDefaultTimeout(LIMIT_MS);
    await context.addInitScript(axe.source);
    if (token !== undefined) {
      const answer = await context.request.post(`${url}/api/session`, { data: { token } });
      if (!answer.ok()) throw new Error(`cannot sign in: HTTP ${answer.status()} ${await answer.text()}`);
    }
    return new Visitor(url, context, await context.newPage());
  }

  leave = (): Promise<void> => this.context.close();

  /** Goes there, and waits until it is drawn. What may run no script is drawn when it is there. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.url}${path}`);
    if (!path.startsWith('/api/')) await this.settled();
  }

  /** Nothing is being loaded, and what the last change brought about is on the screen. */
  async settled(): Promise<void> {
    await this.page.locator('h1, .swagger-ui h2').first().waitFor();
    const loading = this.page.locator('.animate-pulse, [aria-busy="true"], .loading-container');
    await loading.first().waitFor({ state: 'detached' });
    await this.page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))');
  }

  /** Since the last call. */
  faults(): string[] {
    const faults = this.noted;
    this.noted = [];
    return faults;
  }

  /** By how much the page is wider than its window, in CSS pixels. */
  async overflow(): Promise<number> {
    const { scrollWidth, clientWidth } = (await this.page.evaluate(
      '({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })',
    )) as { readonly scrollWidth: number; readonly clientWidth: number };
    return scrollWidth - clientWidth;
  }

  /** What axe calls serious or critical, with the place. @param within a selector. @default - the whole page */
  async inaccessible(within = ':root'): Promise<string[]> {
    const { violations } = (await this.page.evaluate(
      `axe.run(${JSON.stringify(within)}, { resultTypes: ['violations'] })`,
    )) as axe.AxeResults;
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, impact, nodes }) =>
        nodes.map(({ target, html }) => `${impact} ${id}: ${String(target)}: ${html.slice(0, 200)}`),
      );
  }

  /** Whether it is still the document that was open when this was last asked. */
  async sameDocument(): Promise<boolean> {
    return (await this.page.evaluate(
      'globalThis.he300Seen === true || ((globalThis.he300Seen = true), false)',
    )) as boolean;
  }
}
