/** TLS in front of a server that speaks none, under a certificate of somebody's own. */
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:tls';

export interface TlsFront {
  /** Without a path. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param target of the server behind it @param pem for the address 127.0.0.1 */
export async function tlsFront(
  target: URL,
  pem: { readonly key: string; readonly cert: string },
): Promise<TlsFront> {
  const sockets = new Set<Socket>();
  const server = createServer(pem, (from) => {
    const to = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
