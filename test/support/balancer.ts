/** A load balancer, as far as TCP goes: each new connection goes to the next server that takes it. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Balancer {
  /** Without a path. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param urls of the servers, which may come and go */
export async function balancer(urls: readonly string[]): Promise<Balancer> {
  const ports = urls.map((url) => Number(new URL(url).port));
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((from) => void forward(from));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function forward(from: Socket): Promise<void> {
    keep(from);
    const to = await nextServer();
    if (!to || from.destroyed) return void (to ?? from).destroy();
    keep(to);
    from.on('close', () => to.destroy());
    to.on('close', () => from.destroy());
    from.pipe(to).pipe(from);
  }

  async function nextServer(): Promise<Socket | undefined> {
    for (const _ of ports) {
      const socket = connect(ports[turn++ % ports.length]!, '127.0.0.1');
      const taken = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]).catch(() => false);
      if (taken) return socket;
    }
    return undefined;
  }

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
