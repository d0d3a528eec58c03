/**
 * Connections to one origin, one request at a time on each. undici's own pool does this too, but looks through all of them for
 * each request: with hundreds in flight that costs more than the request.
 */
import Client from 'undici/lib/dispatcher/client.js';

export class Connections {
  private readonly all: Client[] = [];
  /** The one that was used last is used first, so that those too many stay idle and end. */
  private readonly free: Client[] = [];
  private ended: Error | undefined;

  constructor(
    private readonly origin: string,
    private readonly options: Client.Options,
  ) {}

  /** For one request; to be given back when undici has told its end. */
  take(): Client {
    return this.free.pop() ?? this.another();
  }

  giveBack(connection: Client): void {
    this.free.push(connection);
  }

  private another(): Client {
    const connection = new Client(this.origin, this.options);
    this.all.push(connection);
    // It refuses what is asked of it.
    if (this.ended) void connection.destroy(this.ended);
    return connection;
  }

  /** Ends what is in flight with this error. */
  async destroy(error: Error): Promise<void> {
    this.ended = error;
    await Promise.all(this.all.map((connection) => connection.destroy(error)));
  }
}
