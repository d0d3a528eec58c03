/**
 * Reads pages in Prometheus' text format, as far as gauges and counters go:
 * https://prometheus.io/docs/instrumenting/exposition_formats/. The one parser on npm has had no
 * release for years.
 */
export interface PrometheusSample {
  readonly labels: ReadonlyMap<string, string>;
  /** May be NaN or infinite, as the format allows. */
  readonly value: number;
}

/** Nothing that is wanted has lines as long as this. */
const LONGEST_LINE = 16_384;

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\s*\{(.*)\}\s*|\s+)(\S+)(?:\s+[+-]?\d+)?\s*$/s;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/sy;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The samples of each wanted name that stands on the page. Never throws: a line that is none of the format is left out.
 */
export function parsePrometheus(
  page: string,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly PrometheusSample[]> {
  const found = new Map<string, PrometheusSample[]>();
  for (const line of page.split('\n')) {
    // Most lines of a page are of other names.
    const name = line.slice(0, nameLength(line));
    if (!wanted.has(name) || line.length > LONGEST_LINE) continue;
    const sample = sampleOf(line);
    if (!sample) continue;
    const others = found.get(name);
    if (others) others.push(sample);
    else found.set(name, [sample]);
  }
  return found;
}

function nameLength(line: string): number {
  const end = line.search(/[{\s]/);
  return end === -1 ? line.length : end;
}

function sampleOf(line: string): PrometheusSample | undefined {
  const [, , labelText, valueText] = LINE.exec(line) ?? [];
  const labels = labelsOf(labelText ?? '');
  const value = valueText === undefined ? undefined : valueOf(valueText);
  return labels && value !== undefined ? { labels, value } : undefined;
}

function labelsOf(text: string): Map<string, string> | undefined {
  const labels = new Map<string, string>();
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.trimEnd().length) {
    const label = LABEL.exec(text);
    if (!label) return undefined;
    labels.set(label[1]!, unescaped(label[2]!));
  }
  return labels;
}

const unescaped = (value: string): string =>
  value.replaceAll(/\\(.)/gs, (whole, character: string) =>
    character === 'n' ? '\n' : character === '\\' || character === '"' ? character : whole,
  );

function valueOf(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const [, sign, word] = /^([+-]?)(inf|nan)$/i.exec(text) ?? [];
  if (word === undefined) return undefined;
  if (word.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
