/**
 * The saturation controller beside simpler ways, over servers whose capacity is known (`npm run bench:search [-- SERVERS]`):
 * doubling until it falls, and a linear sweep of ten concurrencies, which is how GuideLLM's sweep places its rates.
 */
import { randomServer, type RandomServer } from '../src/load/random-server';
import { searchConcurrency, type Window } from '../src/load/search';
import { SimulatedServer } from '../src/load/simulated-server';

interface Found {
  readonly windows: number;
  readonly peak: number;
  readonly chosen: number;
}

type Method = (
  measure: (concurrency: number) => Window,
  bound: number,
  slots: number | null,
) => Promise<Found>;

const best = (windows: readonly Window[]): Found => {
  const top = windows.reduce((a, b) => (b.tokensPerSecond > a.tokensPerSecond ? b : a));
  return { windows: windows.length, peak: top.tokensPerSecond, chosen: top.concurrency };
};

const METHODS: Readonly<Record<string, Method>> = {
  'saturation controller': async (measure, mostConcurrency, slots) => {
    const found = await searchConcurrency({
      slots,
      mostConcurrency,
      measure: (concurrency) => Promise.resolve(measure(concurrency)),
    });
    return {
      windows: found.windows.length,
      peak: found.peakTokensPerSecond,
      chosen: found.chosenConcurrency,
    };
  },
  'doubling until it falls': async (measure, bound) => {
    const windows: Window[] = [];
    for (let concurrency = 1; concurrency <= bound; concurrency *= 2) {
      windows.push(measure(concurrency));
      const [before, now] = windows.slice(-2);
      if (now && now.tokensPerSecond < before!.tokensPerSecond) break;
    }
    return best(windows);
  },
  'linear sweep of ten': async (measure, bound) =>
    best(
      [...new Set(Array.from({ length: 10 }, (_, i) => Math.round(1 + (i * (bound - 1)) / 9)))].map(
        (concurrency) => measure(concurrency),
      ),
    ),
};

async function judge(method: Method, server: RandomServer, seed: number) {
  const simulated = new SimulatedServer(server.capacity, seed);
  const bound = server.slots === null ? 256 : Math.ceil(server.slots * 1.25);
  const { windows, peak, chosen } = await method((c) => simulated.window(c), bound, server.slots);
  const least = smallestEnough(server, bound);
  return {
    windows,
    peakError: Math.abs(peak / server.peak - 1),
    enough: server.truth(chosen) >= 0.95 * server.peak,
    excess: chosen / least,
  };
}

/** The concurrency that an oracle would choose. */
function smallestEnough({ truth, peak }: RandomServer, bound: number): number {
  for (let concurrency = 1; concurrency < bound; concurrency++)
    if (truth(concurrency) >= 0.95 * peak) return concurrency;
  return bound;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

const servers = Number(process.argv[2] ?? 100);
console.log(`${servers} random servers`);
console.log(
  [
    'method'.padEnd(24),
    'windows mean',
    'most',
    'error of the peak mean',
    'chosen brings 95 %',
    'of the least that does',
  ].join('  '),
);
async function main(): Promise<void> {
  for (const [name, method] of Object.entries(METHODS)) {
    const all = await Promise.all(
      Array.from({ length: servers }, (_, i) => judge(method, randomServer(i, 1), i)),
    );
    console.log(
      [
        name.padEnd(24),
        mean(all.map(({ windows }) => windows))
          .toFixed(1)
          .padStart(12),
        String(Math.max(...all.map(({ windows }) => windows))).padStart(4),
        percent(mean(all.map(({ peakError }) => peakError))).padStart(22),
        percent(mean(all.map(({ enough }) => Number(enough)))).padStart(18),
        `${mean(all.map(({ excess }) => excess)).toFixed(2)} x`.padStart(22),
      ].join('  '),
    );
  }
}
void main();
