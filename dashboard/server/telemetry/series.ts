/** Makes of the lines of `telemetry.jsonl` what a plot shows. */
import { telemetryLine, type TelemetryLine } from '@he300/benchmark/contract';
import type { TelemetrySeries } from '../../api/telemetry';

export const MOST_POINTS = 400;

type Series = (number | null)[];
type GpuReading = NonNullable<TelemetryLine['gpus']>[number];

/**
 * At most 400 points. Where there are more lines, a point stands for a stretch of them and shows the largest value in it:
 * no peak is lost, and a mean is not to be read off. Lines that are none, such as a last one that was cut, are passed over.
 */
export async function telemetrySeriesOf(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<TelemetrySeries> {
  const looks: TelemetryLine[] = [];
  for await (const line of lines) {
    const look = read(line);
    if (look) looks.push(look);
  }
  return seriesOf(looks);
}

function read(line: string): TelemetryLine | undefined {
  try {
    return telemetryLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function seriesOf(looks: readonly TelemetryLine[]): TelemetrySeries {
  const stretches = stretchesOf(looks);
  const first = Date.parse(looks[0]?.at ?? '');
  const largest = (value: (look: TelemetryLine) => number | null | undefined): Series =>
    stretches.map((stretch) => maximum(stretch.map(value)));
  const indexes = new Set(looks.flatMap(({ gpus }) => gpus?.map(({ index }) => index) ?? []));
  return {
    seconds: stretches.map(([look]) => (Date.parse(look!.at) - first) / 1000),
    during: stretches.map(([look]) => look!.during),
    client: {
      cpu: largest(({ client }) => client?.cpu),
      loopDelayP99Ms: largest(({ client }) => client?.loopDelayP99Ms),
      memoryMib: largest(({ client }) => client?.memoryMib),
    },
    host: { cpu: largest(({ host }) => host?.cpu), memory: largest(({ host }) => host?.memory) },
    server: looks.some(({ server }) => server !== null)
      ? {
          running: largest(({ server }) => server?.running),
          waiting: largest(({ server }) => server?.waiting),
          kvCache: largest(({ server }) => server?.kvCache),
        }
      : null,
    gpus: [...indexes].sort((a, b) => a - b).map((index) => gpuSeries(index, looks, largest)),
  };
}

function gpuSeries(
  index: number,
  looks: readonly TelemetryLine[],
  largest: (value: (look: TelemetryLine) => number | null | undefined) => Series,
): TelemetrySeries['gpus'][number] {
  const reading = ({ gpus }: TelemetryLine) => gpus?.find((gpu) => gpu.index === index);
  const of = (value: (gpu: GpuReading) => number | null): Series =>
    largest((look) => {
      const gpu = reading(look);
      return gpu && value(gpu);
    });
  return {
    index,
    name: looks.map((look) => reading(look)?.name).find((name) => typeof name === 'string') ?? null,
    smActive: of((gpu) => gpu.smActive),
    dramActive: of((gpu) => gpu.dramActive),
    tensorActive: of((gpu) => gpu.tensorActive),
    utilization: of((gpu) => gpu.utilization),
    memoryMib: of((gpu) => gpu.memoryMib),
    powerWatts: of((gpu) => gpu.powerWatts),
    temperatureC: of((gpu) => gpu.temperatureC),
  };
}

function stretchesOf(looks: readonly TelemetryLine[]): TelemetryLine[][] {
  const length = Math.max(1, Math.ceil(looks.length / MOST_POINTS));
  return Array.from({ length: Math.ceil(looks.length / length) }, (_, i) =>
    looks.slice(i * length, (i + 1) * length),
  );
}

function maximum(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number');
  return known.length === 0 ? null : Math.max(...known);
}
