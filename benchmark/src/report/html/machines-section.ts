/** What was seen of the machines. */
import type { Performance } from '../../contract/performance';
import type { Telemetry } from '../../contract/telemetry';
import type { TelemetryLine } from '../../contract/telemetry-line';
import { plural } from '../format';
import { machineNotes, machineRows } from '../machines';
import { telemetryPlot } from '../plots/telemetry';
import { foreign, markup, type Markup } from './markup';
import { section, table } from './parts';

/** Null when nothing was seen. @param lines of `telemetry.jsonl`, null without one */
export function machinesSection(
  { telemetry, saturation }: Performance,
  lines: readonly TelemetryLine[] | null,
): Markup | null {
  const plot = lines ? telemetryPlot(lines) : undefined;
  const shown = telemetry ?? saturation.telemetry ?? null;
  if (!shown && !plot) return null;
  return section('machines', 'Machines', [
    plot &&
      markup`<figure>${plot}<figcaption>From <code>telemetry.jsonl</code>, which the signature does not cover. Shaded: the scored pass.</figcaption></figure>`,
    shown &&
      summary(shown, telemetry ? 'During the scored pass' : 'During the fastest windows of the search'),
  ]);
}

function summary(telemetry: Telemetry, when: string): Markup {
  const notes = machineNotes(telemetry).map((note) => markup`<li>${foreign(note)}</li>`);
  return markup`${table({
    caption: `${when}, ${plural(telemetry.readings, 'reading')}.${telemetry.gpus ? ' “Any kernel running” tells idle from not idle, and nothing else.' : ''}`,
    header: ['', 'mean', 'p95', 'max'],
    rows: machineRows(telemetry).map(({ name, mean, p95, max }) => ({ cells: [name, mean, p95, max] })),
  })}${notes.length === 0 ? null : markup`<ul class="plain">${notes}</ul>\n`}`;
}
