/** A door in front of a server, at one address for good: while it is closed, nobody gets in, and who was inside is out. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Gate {
  /** Where the server behind it can be asked, without a path. */
  readonly url: string;
  readonly isOpen: boolean;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Open at first. @param target of the server behind it @param address of this machine, where the door is */
export async function gate(target: URL, address = '127.0.0.1'): Promise<Gate> {
  let [server, port] = [undefined as Server | undefined, 0];
  const sockets = new Set<Socket>();

  const open = async (): Promise<void> => {
    const opened = createServer((from) => {
      const to = connect(Number(target.port), target.hostname);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject);
      opened.listen(port, address, resolve);
    });
    ({ port } = opened.address() as AddressInfo);
    server = opened;
  };

  const close = async (): Promise<void> => {
    const closed = server;
    server = undefined;
    if (!closed) return;
    const done = new Promise<void>((resolve) => closed.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await done;
  };

  await open();
  return {
    url: `http://${address}:${port}`,
    get isOpen() {
      return server !== undefined;
    },
    open,
    close,
  };
}
