/**
 * Python's `random.Random`, as far as sampling needs it: the reference implementation samples with it, and a sample is
 * only the same sample when every draw is. Python 3.11 and later; `Lib/random.py` and `Modules/_randommodule.c` of
 * CPython tell what is drawn when, Matsumoto and Nishimura's MT19937 how.
 */
const N = 624;
const M = 397;

export class PythonRandom {
  private readonly state = new Uint32Array(N);
  private index = N;

  /** @param seed integer from 0 to 2³²−1 */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
      throw new Error(`seed: ${seed}; allowed: an integer from 0 to 4294967295`);
    this.seedByArray(seed);
  }

  /** `init_by_array` with the seed as its only word, which is what Python does with a small integer. */
  private seedByArray(seed: number): void {
    const { state } = this;
    state[0] = 19650218;
    for (let i = 1; i < N; i++) state[i] = Math.imul(1812433253, mixed(state[i - 1]!)) + i;
    let i = 1;
    for (let k = N; k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1664525)) + seed;
      i = this.next(i);
    }
    for (let k = N - 1; k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1566083941)) - i;
      i = this.next(i);
    }
    state[0] = 0x80000000;
  }

  private next(i: number): number {
    if (i + 1 < N) return i + 1;
    this.state[0] = this.state[N - 1]!;
    return 1;
  }

  private twist(): void {
    const { state } = this;
    for (let i = 0; i < N; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % N]! & 0x7fffffff);
      state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }

  /** The highest `bits` (1 to 32) of the next word. */
  private getRandomBits(bits: number): number {
    if (this.index === N) this.twist();
    let y = this.state[this.index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> (32 - bits);
  }

  /** Uniform number from 0 to below 1, with 53 random bits. */
  random(): number {
    const [high, low] = [this.getRandomBits(27), this.getRandomBits(26)];
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Uniform integer from 0 to below `n`, which is at least 1 and below 2³². */
  randomBelow(n: number): number {
    const bits = 32 - Math.clz32(n);
    for (;;) {
      const value = this.getRandomBits(bits);
      if (value < n) return value;
    }
  }

  /** `k` distinct elements in random order. Python chooses between two ways by their memory, and they draw differently. */
  sample<T>(population: readonly T[], k: number): T[] {
    const n = population.length;
    if (!Number.isInteger(k) || k < 0 || k > n)
      throw new Error(`sample size: ${k}; allowed: 0 to ${n}, the size of the population`);
    // Size of a set of k elements, in Python's words; a list of n is smaller than that up to here.
    const setSize = k > 5 ? 21 + 4 ** Math.ceil(Math.log(k * 3) / Math.log(4)) : 21;
    return n <= setSize ? this.sampleFromPool(population, k) : this.sampleIntoSet(population, k);
  }

  private sampleFromPool<T>(population: readonly T[], k: number): T[] {
    const pool = [...population];
    return Array.from({ length: k }, (_, i) => {
      const j = this.randomBelow(pool.length - i);
      const chosen = pool[j]!;
      pool[j] = pool[pool.length - i - 1]!;
      return chosen;
    });
  }

  private sampleIntoSet<T>(population: readonly T[], k: number): T[] {
    const selected = new Set<number>();
    return Array.from({ length: k }, () => {
      let j = this.randomBelow(population.length);
      while (selected.has(j)) j = this.randomBelow(population.length);
      selected.add(j);
      return population[j]!;
    });
  }

  /** Shuffles in place. */
  shuffle<T>(list: T[]): void {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.randomBelow(i + 1);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
  }
}

const mixed = (word: number): number => word ^ (word >>> 30);
