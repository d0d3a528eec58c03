/** The echo server as the bench sees it: a process of its own, on a core of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundled } from './bundled';
import { onCore, SERVER_CORE } from './cores';

/** What the server saw since it was last asked: no client need be believed. */
export interface Served {
  readonly answers: number;
  readonly mostInFlight: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
}

export interface Echo {
  readonly url: string;
  readonly served: () => Promise<Served>;
  readonly end: () => Promise<void>;
}

/** @param tokenMs between two tokens */
export async function startEcho(tokenMs: number): Promise<Echo> {
  const [program, ...args] = onCore(SERVER_CORE, [process.execPath, bundled('echo-server'), String(tokenMs)]);
  const child = spawn(program!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${port.toString().trim()}/v1`;
  return {
    url,
    served: async () => (await (await fetch(`${url}/served`)).json()) as Served,
    end: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
