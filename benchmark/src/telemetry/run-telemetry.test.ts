import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { telemetryLine, type TelemetryLine } from '../contract/telemetry-line';
import type { EngineName } from '../engines';
import { InputError } from '../errors';
import { NO_ENERGY, wattHoursOf, withLook } from './energy';
import { DCGM_VARIABLE, RunTelemetry, sourcesFor } from './run-telemetry';
import { SeriesLog } from './series-log';
import { type Source, unknownGpu } from './source';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'he300-telemetry-'));
  path = join(dir, 'telemetry.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true }));

const lines = (): TelemetryLine[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => telemetryLine.parse(JSON.parse(line)));

const line = (wattHours: number): TelemetryLine => ({
  schema: 'he300.telemetry/v1',
  at: '2026-06-17T12:00:00.000Z',
  seconds: 1,
  during: 'scored',
  client: null,
  host: null,
  server: null,
  gpus: null,
  energy: { wattHours, knownSeconds: 60, seconds: 60 },
});

describe('the series', () => {
  test('that a kill cut off goes on after its last whole line', () => {
    writeFileSync(
      path,
      `${JSON.stringify(line(1))}\n${JSON.stringify(line(2))}\n${JSON.stringify(line(3)).slice(0, 50)}`,
    );
    const log = SeriesLog.open(path);
    expect(log.energyBefore).toEqual(line(2).energy);
    log.append(line(4));
    log.close();
    expect(lines().map(({ energy }) => energy.wattHours)).toEqual([1, 2, 4]);
  });

  test.each(['nonsense\n', '{"schema":"other"}\n', '\n'])(
    'that ends in %j is kept, and its energy is not known',
    (end) => {
      writeFileSync(path, end);
      const log = SeriesLog.open(path);
      expect(log.energyBefore).toBeNull();
      log.append(line(1));
      log.close();
      expect(readFileSync(path, 'utf8')).toBe(`${end}${JSON.stringify(line(1))}\n`);
    },
  );

  test('never grows beyond its bound, comes less and less often, and goes on after a resume', () => {
    const bound = 20 * JSON.stringify(line(0)).length;
    for (let process = 0; process < 3; process++) {
      const log = SeriesLog.open(path, bound);
      for (let look = 0; look < 1_000; look++) log.append(line(look));
      log.close();
    }
    expect(statSync(path).size).toBeLessThanOrEqual(bound);
    const looks = lines().map(({ energy }) => energy.wattHours);
    expect(looks.slice(0, 3)).toEqual([0, 1, 2]);
    expect(looks.length).toBeGreaterThan(15);
    // After the first half every second one, and so on.
    expect(looks.slice(0, looks.indexOf(Math.max(...looks)))).toContain(looks[12]! + 2);
  });

  test('that cannot be opened is an error of one line', () => {
    expect(() => SeriesLog.open(dir)).toThrow(InputError);
    expect(() => SeriesLog.open(dir)).toThrow(/^telemetry log: cannot open .*: EISDIR: [^\n]*$/);
  });

  test('costs no run when the disk is full', () => {
    symlinkSync('/dev/full', path);
    const log = SeriesLog.open(path);
    for (let i = 0; i < 3; i++) log.append(line(i));
    log.close();
  });
});

describe('watt-hours', () => {
  const gpus = (...watts: (number | null)[]) =>
    watts.map((powerWatts, index) => ({ ...unknownGpu(index), powerWatts }));

  test('are the power of all GPUs by the time, however it is cut into looks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (seconds) => {
          const energy = seconds.reduce((sum, s) => withLook(sum, s, gpus(100, 80, null)), NO_ENERGY);
          const whole = seconds.reduce((sum, s) => sum + s, 0);
          expect(wattHoursOf(energy)).toBeCloseTo((180 * whole) / 3_600, 9);
        },
      ),
    );
  });

  test('count what little is missing as the rest, and are not known when much is', () => {
    const of = (known: number, missing: number): number | null =>
      wattHoursOf(withLook(withLook(NO_ENERGY, known, gpus(360)), missing, undefined));
    expect(of(95, 5)).toBeCloseTo(10, 9);
    expect(of(80, 20)).toBeNull();
    expect(of(0, 20)).toBeNull();
    expect(wattHoursOf(NO_ENERGY)).toBeNull();
  });
});

describe('of a run', () => {
  const oneGpu: Source = {
    read: () => ({ gpus: [{ ...unknownGpu(0), powerWatts: 3_600 }] }),
    close: () => {},
  };
  const watch = () => RunTelemetry.open(path, () => [oneGpu], 3_600_000);

  test('every look is a line of the contract, and a resumed run adds to the energy', async () => {
    let wattHours = 0;
    for (let process = 0; process < 3; process++) {
      const telemetry = watch();
      await telemetry.sampler.during('scored', () => new Promise((resolve) => setTimeout(resolve, 5)));
      expect(telemetry.wattHours).toBeGreaterThan(wattHours);
      wattHours = telemetry.wattHours!;
      await telemetry.close();
    }
    expect(lines()).toHaveLength(6);
    expect(lines().at(-1)!.energy.wattHours).toBeCloseTo(wattHours, 9);
    // A kilowatt-hour has 3,600 kilowatt-seconds.
    const watched = lines().reduce((sum, { seconds }) => sum + seconds, 0);
    expect(wattHours).toBeCloseTo(watched, 6);
  });

  test('whose lines were damaged the energy is not known, and the run goes on', async () => {
    appendFileSync(path, '{}\n');
    const telemetry = watch();
    await telemetry.sampler.during('scored', () => Promise.resolve());
    expect(telemetry.wattHours).toBeNull();
    await telemetry.close();
  });
});

describe('the sources', () => {
  afterEach(() => void delete process.env[DCGM_VARIABLE]);

  const namesFor = async (engine: EngineName, url: string | null): Promise<string[]> => {
    const sources = sourcesFor({ engine, url });
    await Promise.all(sources.map((source) => source.close()));
    return sources.map(({ constructor }) => constructor.name);
  };

  test('are those of the machine that the server is on', async () => {
    const here = ['Client', 'Host', 'Dcgm', 'NvidiaSmi'];
    expect(await namesFor('ollama', null)).toEqual(here);
    expect(await namesFor('ollama', 'http://localhost:11434')).toEqual(here);
    expect(await namesFor('llama', null)).toEqual(here.slice(1));
    expect(await namesFor('openai', 'http://[::1]:1/v1')).toEqual(here.toSpliced(2, 0, 'ServerQueue'));
    expect(await namesFor('openai', 'https://10.0.0.2:8000/v1')).toEqual(['Client', 'Host', 'ServerQueue']);
    process.env[DCGM_VARIABLE] = 'http://10.0.0.2:9400';
    expect(await namesFor('ollama', 'http://10.0.0.2:8000')).toEqual(['Client', 'Host', 'Dcgm']);
  });

  test('with an exporter at no address are an error, and nothing is left behind', () => {
    process.env[DCGM_VARIABLE] = 'tcp://x';
    const open = () => RunTelemetry.open(path, () => sourcesFor({ engine: 'ollama', url: null }));
    expect(open).toThrow(/^HE300_DCGM_URL: tcp:\/\/x; allowed: an http address such as /);
  });
});
