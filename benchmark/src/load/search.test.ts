import { randomServer } from './random-server';
import { MOST_WINDOWS, searchConcurrency, type Window } from './search';
import { SimulatedServer } from './simulated-server';
import { gainOfDoubling, verdictOf } from './verdict';

const IDLE = { cpu: 0.1, loopDelayP99Ms: 1 };

/** A server without noise. */
const searchOver = (
  tokensPerSecond: (concurrency: number) => number,
  slots: number | null,
  mostConcurrency = 1024,
) =>
  searchConcurrency({
    slots,
    mostConcurrency,
    measure: (concurrency) =>
      Promise.resolve({ ...window(concurrency), tokensPerSecond: tokensPerSecond(concurrency) }),
  });

const window = (concurrency: number): Window => ({
  concurrency,
  tokensPerSecond: 0,
  requestsPerSecond: 1,
  p95Ms: 1,
  refusals: 0,
});

describe('forty random servers, A10-like, with noise, slots, cliffs, refusing queues and prefix caches', () => {
  const servers = Array.from({ length: 40 }, (_, index) => randomServer(index, 300));

  const searches = servers.map(async (server, index) => {
    const simulated = new SimulatedServer(server.capacity, index);
    const result = await searchConcurrency({
      slots: server.slots,
      mostConcurrency: 1024,
      measure: (concurrency) => Promise.resolve(simulated.window(concurrency)),
    });
    return { server, result };
  });
  const holds = async (claim: (s: Awaited<(typeof searches)[number]>) => boolean): Promise<number> =>
    (await Promise.all(searches)).filter(claim).length;

  test('the measured peak is at least 97 % of the true one, and was found where the server is truly that fast', async () => {
    const found = await holds(({ server: { truth, peak }, result }) => {
      const best = Math.max(...result.windows.map(({ concurrency }) => truth(concurrency)));
      return result.peakTokensPerSecond >= 0.97 * peak && best >= 0.97 * peak;
    });
    expect(found).toBeGreaterThanOrEqual(39);
  });

  test('the chosen concurrency truly brings at least 95 % of the measured peak', async () => {
    const enough = await holds(
      ({ server: { truth }, result }) => truth(result.chosenConcurrency) >= 0.95 * result.peakTokensPerSecond,
    );
    expect(enough).toBeGreaterThanOrEqual(39);
  });

  test('no search takes more than 14 windows, or goes above 1.25 times the slots', async () => {
    expect(await holds(({ result }) => result.windows.length <= MOST_WINDOWS)).toBe(40);
    const bounded = await holds(
      ({ server: { slots }, result }) =>
        slots === null || result.windows.every(({ concurrency }) => concurrency <= Math.ceil(slots * 1.25)),
    );
    expect(bounded).toBe(40);
  });

  test('a slot limit is named wherever it is one, and nowhere else', async () => {
    for (const { server, result } of await Promise.all(searches)) {
      if (server.slots === null) continue;
      const { verdict } = verdictOf(result, server.slots, IDLE);
      if (server.gainOfMoreSlots >= 1.07) expect(verdict).toBe('limited-by-slots');
      if (server.gainOfMoreSlots <= 1.03) expect(verdict).not.toBe('limited-by-slots');
    }
  });
});

describe('servers that tell nobody their slots, but have a page of metrics', () => {
  const searches = Array.from({ length: 30 }, async (_, index) => {
    const server = randomServer(5 * index, 700);
    const load = { questions: 300, salted: true };
    const searchWith = (tellsQueue: boolean) => {
      const simulated = new SimulatedServer(server.capacity, index, { ...load, tellsQueue });
      return searchConcurrency({
        slots: null,
        mostConcurrency: 1024,
        measure: (concurrency) => Promise.resolve(simulated.window(concurrency)),
      });
    };
    return { server, seeing: await searchWith(true), blind: await searchWith(false) };
  });

  test('are searched as well as any: no further than their slots make sense, and in 14 windows', async () => {
    for (const { server, seeing } of await Promise.all(searches)) {
      const { slots } = server.capacity;
      expect(seeing.windows.length).toBeLessThanOrEqual(MOST_WINDOWS);
      // The one concurrency that was more than the server takes, and has shown it.
      const beyond = seeing.windows
        .map(({ concurrency }) => concurrency)
        .filter((concurrency) => concurrency > Math.ceil(slots * 1.25));
      expect(new Set(beyond).size).toBeLessThanOrEqual(1);
      expect(seeing.peakTokensPerSecond).toBeGreaterThanOrEqual(0.95 * server.peak);
    }
    const good = (await Promise.all(searches)).filter(
      ({ server: { truth, peak }, seeing }) =>
        seeing.peakTokensPerSecond >= 0.97 * peak &&
        truth(seeing.chosenConcurrency) >= 0.95 * seeing.peakTokensPerSecond,
    );
    expect(good.length).toBeGreaterThanOrEqual(29);
  });

  test('show their slots by their queue, and a limit by them is named wherever it is one, and nowhere else', async () => {
    for (const { server, seeing, blind } of await Promise.all(searches)) {
      const { verdict, slotsSeen } = verdictOf(seeing, null, IDLE);
      if (server.gainOfMoreSlots >= 1.07) expect(verdict).toBe('limited-by-slots');
      if (server.gainOfMoreSlots <= 1.03) expect(verdict).not.toBe('limited-by-slots');
      if (slotsSeen !== null) expect(slotsSeen).toBe(server.capacity.slots);
      expect(verdictOf(blind, null, IDLE).slotsSeen).toBeNull();
    }
  });
});

test('a server with one slot is limited by it, though no curve can show by how much', async () => {
  const result = await searchOver(() => 100, 1);
  expect(verdictOf(result, 1, IDLE)).toMatchObject({
    verdict: 'limited-by-slots',
    unknowns: ['what more slots would bring: so few leave no curve to read it off'],
  });
});

test('questions that are not salted make a prefix cache look like capacity: the salted ones tell the truth', () => {
  const { capacity, truth } = randomServer(3, 300);
  const rateOf = (salted: boolean): number => {
    const simulated = new SimulatedServer(capacity, 1, { questions: 100, salted });
    simulated.window(4, 60);
    return simulated.window(4, 60).tokensPerSecond;
  };
  expect(rateOf(false)).toBeGreaterThan(1.3 * truth(4));
  expect(rateOf(true)).toBeGreaterThan(0.95 * truth(4));
  expect(rateOf(true)).toBeLessThan(1.05 * truth(4));
});

describe('the search', () => {
  test('begins with a quarter of the slots, tries all of them, and says why it tried each', async () => {
    const { windows, endedBy } = await searchOver((c) => Math.min(c, 8), 8);
    expect(windows.slice(0, 4).map(({ concurrency, reason }) => [concurrency, reason])).toEqual([
      [2, 'a quarter of 8 slots'],
      [4, 'doubled from 2'],
      [8, 'all slots'],
      [10, 'doubled from 8'],
    ]);
    expect(endedBy).toBe('slots');
  });

  test('of a server with one slot takes one request at a time', async () => {
    expect(await searchOver(() => 100, 1)).toMatchObject({ chosenConcurrency: 1 });
  });

  test('chooses the smallest concurrency that brings nearly all', async () => {
    const { chosenConcurrency } = await searchOver((c) => 100 * Math.min(1, c / 20), null);
    expect(chosenConcurrency).toBeGreaterThanOrEqual(19);
    expect(chosenConcurrency).toBeLessThanOrEqual(23);
  });

  test('never goes above what it may', async () => {
    const { windows, endedBy } = await searchOver((c) => c, null, 20);
    expect(Math.max(...windows.map(({ concurrency }) => concurrency))).toBe(20);
    expect(endedBy).toBe('most-concurrency');
  });

  test('ends where nothing can be measured', async () => {
    expect(await searchOver(() => 0, 4)).toMatchObject({ chosenConcurrency: 1, peakTokensPerSecond: 0 });
  });

  test('passes on the error of a window', async () => {
    const gone = searchConcurrency({
      slots: 4,
      mostConcurrency: 8,
      measure: () => Promise.reject(new Error('the server is gone')),
    });
    await expect(gone).rejects.toThrow('the server is gone');
  });
});

describe('the verdict', () => {
  const curve = (c: number): number => (1000 * c) / (16 + c);

  test('is the client’s when it had no time left, whatever the curve', async () => {
    const result = await searchOver(curve, 4);
    expect(verdictOf(result, 4, { cpu: 0.97, loopDelayP99Ms: 40 }).verdict).toBe('limited-by-client');
    expect(verdictOf(result, 4, IDLE).verdict).toBe('limited-by-slots');
  });

  test('is not saturated while throughput still grows at the most that was allowed', async () => {
    const result = await searchOver((c) => c, null, 16);
    expect(verdictOf(result, null, IDLE)).toMatchObject({ verdict: 'not-saturated' });
    const refusing = { ...result, windows: result.windows.map((w) => ({ ...w, refusals: 3 })) };
    expect(verdictOf(refusing, null, IDLE).verdict).toBe('limited-by-server-queue');
  });

  test('is saturated where more would bring nothing', async () => {
    expect(verdictOf(await searchOver((c) => Math.min(c, 30), null), null, IDLE).verdict).toBe('saturated');
    expect(verdictOf(await searchOver((c) => Math.min(c, 10), 40), 40, IDLE).verdict).toBe('saturated');
  });

  test('reads the gain of twice the slots off the curve', async () => {
    const { windows } = await searchOver(curve, 16);
    expect(gainOfDoubling(windows, 16)).toBeCloseTo(curve(32) / curve(16), 6);
    expect(gainOfDoubling([], 16)).toBeNull();
  });
});
