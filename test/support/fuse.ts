/** A network that ends a process at a request of its choice, so that each moment of a protocol is tried once. */

export class Blown extends Error {
  override readonly name = 'Blown';
}

export interface FuseOptions {
  /** Request that blows it, counted from 1. */
  readonly at: number;
  /** Whether that request is heard, and only its answer lost. */
  readonly heard: boolean;
  /** Whether the process is dead from then on; else only that request is lost. */
  readonly dead: boolean;
  /** After each request that may have changed something: how the world looks now. */
  readonly after: () => Promise<void>;
}

export class Fuse {
  private count = 0;

  constructor(private readonly options: FuseOptions) {}

  get blown(): boolean {
    return this.count >= this.options.at;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const { at, heard, dead, after } = this.options;
    this.count++;
    const lost = this.count === at || (dead && this.count > at);
    if (lost && !(heard && this.count === at)) throw new Blown('no answer');
    const response = await fetch(input, init);
    // Whoever sent it may still get it.
    const body = await response.arrayBuffer();
    if (init?.method !== 'GET') await after();
    if (lost) throw new Blown('the answer is lost');
    const { status, headers } = response;
    return new Response(status === 204 ? null : body, { status, headers });
  };
}
