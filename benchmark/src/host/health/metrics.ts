/** Gauges as Prometheus reads them: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. */
import { STATUSES, type Finding, type Gauge } from './check';

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const PREFIX = 'he300_';

/** One gauge a check, from 0 for ok to 2 for fail, beside what each check measured. */
export const gaugesOf = (findings: readonly Finding[]): Gauge[] => [
  ...findings.map(({ check, status }) => ({
    name: 'health',
    help: '0: ok, 1: warn, 2: fail.',
    value: STATUSES.indexOf(status),
    labels: { check },
  })),
  ...findings.flatMap(({ gauges }) => gauges),
];

export function metricsText(gauges: readonly Gauge[]): string {
  return [...grouped(gauges)]
    .map(([name, samples]) =>
      [
        `# HELP ${PREFIX}${name} ${samples[0]!.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
        `# TYPE ${PREFIX}${name} gauge`,
        ...samples.map(
          ({ labels = {}, value }) => `${PREFIX}${name}${labelText(labels)} ${numberText(value)}`,
        ),
        '',
      ].join('\n'),
    )
    .join('');
}

const numberText = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${name}="${escaped}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function grouped(gauges: readonly Gauge[]): Map<string, Gauge[]> {
  const byName = new Map<string, Gauge[]>();
  for (const gauge of gauges) byName.set(gauge.name, [...(byName.get(gauge.name) ?? []), gauge]);
  return byName;
}
