/** The environment of an Ollama server on this machine: Linux shows it to the server's own user and to root. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Undefined when it runs elsewhere, or may not be looked at. @param proc for tests */
export function localServerEnvironment(url: URL, proc = '/proc'): ReadonlyMap<string, string> | undefined {
  if (!LOOPBACK.has(url.hostname)) return undefined;
  const inode = listeningSocket(Number(url.port || 80), proc);
  if (inode === undefined) return undefined;
  for (const pid of readdirOf(proc).filter((name) => /^\d+$/.test(name))) {
    if (!holds(`${proc}/${pid}/fd`, `socket:[${inode}]`)) continue;
    const environ = textOf(`${proc}/${pid}/environ`);
    // A server in a container shows a proxy here, whose environment would be another's.
    const program = basename(textOf(`${proc}/${pid}/cmdline`)?.split('\0')[0] ?? '');
    if (environ === undefined || program !== 'ollama') return undefined;
    return new Map(environ.split('\0').map((entry) => splitOnce(entry, '=')));
  }
  return undefined;
}

/** Inode of the socket that listens on a port: the fields are those of proc(5), `/proc/net/tcp`. */
function listeningSocket(port: number, proc: string): string | undefined {
  const listening = '0A';
  for (const table of ['tcp', 'tcp6']) {
    for (const line of (textOf(`${proc}/net/${table}`) ?? '').split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === listening && parseInt(local!.split(':')[1]!, 16) === port) return inode;
    }
  }
  return undefined;
}

function holds(directory: string, target: string): boolean {
  return readdirOf(directory).some((name) => {
    try {
      return readlinkSync(`${directory}/${name}`) === target;
    } catch {
      return false;
    }
  });
}

function readdirOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
