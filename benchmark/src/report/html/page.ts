/** The report of a run as one HTML file: no script, nothing fetched, the same bytes for the same run. */
import type { TelemetryLine } from '../../contract/telemetry-line';
import { scoredOf, type Shown } from '../../share/shown';
import { answersSection } from './answers-section';
import { costSection } from './cost-section';
import { factsSection } from './facts-section';
import { headlines, pageHead } from './head';
import { latencySection } from './latency-section';
import { loadSection } from './load-section';
import { machinesSection } from './machines-section';
import { foreign, markup, trusted } from './markup';
import { scoreSection } from './score-section';
import { STYLE } from './style';

/** A second wall behind the escaping: whatever came through could neither run nor ask for anything. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** @param telemetry the lines of `telemetry.jsonl`, null without one */
export async function htmlReport(shown: Shown, telemetry: readonly TelemetryLine[] | null): Promise<string> {
  const { results, samples } = shown;
  const scored = samples && scoredOf(samples);
  const page = await markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>HE-300 ${results.suite.spec}: ${foreign(results.model.name)}</title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${pageHead(shown)}${headlines(shown)}${scoreSection(results.score)}${loadSection(results)}${latencySection(results, scored)}${machinesSection(results.performance, telemetry)}${costSection(results)}${answersSection(scored)}${factsSection(shown)}
          <footer>Written by <code>he300 report</code>.</footer>
        </main>
      </body>
    </html> `;
  return String(page);
}
