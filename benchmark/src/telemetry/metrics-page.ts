/** A page of metrics that some server offers over HTTP. */
import { RequestFailure } from '../engines/engine';
import { HttpClient } from '../engines/http/http-client';
import { parsePrometheus, type PrometheusSample } from './prometheus';

export type Metrics = ReadonlyMap<string, readonly PrometheusSample[]>;

/** A page that takes longer tells of another moment. */
const TIME_LIMIT_MS = 2_000;

const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** A server without such a page is not asked for it again and again. */
const MOST_FAILURES = 3;

export class MetricsPage {
  private readonly http: HttpClient;
  private failures = 0;

  constructor(
    private readonly url: URL,
    private readonly wanted: ReadonlySet<string>,
  ) {
    this.http = new HttpClient(new URL(url.origin));
  }

  /** What of the wanted stands on it now; undefined when there is no page, or nothing of that on it. Never rejects. */
  async read(): Promise<Metrics | undefined> {
    if (this.failures >= MOST_FAILURES) return undefined;
    try {
      const { body } = await this.http.text({
        method: 'GET',
        path: this.url.pathname,
        timeLimitMs: TIME_LIMIT_MS,
        maxBytes: MAX_PAGE_BYTES,
      });
      const metrics = parsePrometheus(body, this.wanted);
      if (metrics.size === 0) this.failures++;
      else this.failures = 0;
      return metrics.size === 0 ? undefined : metrics;
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      // A server under load may be late, and does have the page.
      if (error.kind !== 'timeout') this.failures++;
      return undefined;
    }
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

/** Of the samples with a plain number. Undefined when there is none. */
export function sumOf(metrics: Metrics, name: string): number | undefined {
  const values = (metrics.get(name) ?? []).map(({ value }) => value).filter(Number.isFinite);
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
}
