/** Network namespaces on one wire: machines for a test, as far as the network goes. Only root makes them. */
import { spawnSync } from 'node:child_process';

export interface Machine {
  readonly name: string;
  readonly address: string;
}

export interface Wire {
  readonly machines: readonly Machine[];
  remove(): void;
}

/** RFC 2544's, for tests of networks: no network that this machine is in has such addresses. */
const PREFIX = '198.18.77';

/** Of this machine on a wire that it is on too. */
export const THIS_MACHINE = `${PREFIX}.254`;

/** @param names at most 8 characters each, of letters and digits @param withThisMachine whether this one is on the wire */
export function wire(names: readonly string[], withThisMachine = false): Wire {
  const id = process.pid.toString(36);
  const hub = `hub${id}`;
  const made: string[] = [];
  const remove = (): void => made.forEach((name) => spawnSync('ip', ['netns', 'delete', name]));
  try {
    add(hub);
    ip('-n', hub, 'link', 'add', 'name', 'hub', 'type', 'bridge');
    ip('-n', hub, 'link', 'set', 'dev', 'hub', 'up');
    if (withThisMachine) {
      const device = `he300-${id}`;
      ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'to-us', 'netns', hub);
      ip('-n', hub, 'link', 'set', 'dev', 'to-us', 'master', 'hub', 'up');
      ip('address', 'add', `${THIS_MACHINE}/24`, 'dev', device);
      ip('link', 'set', 'dev', device, 'up');
    }
    const machines = names.map((short, i) => {
      const [name, address] = [`${short}${id}`, `${PREFIX}.${i + 1}`];
      add(name);
      ip('-n', name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', `to-${i}`, 'netns', hub);
      ip('-n', hub, 'link', 'set', 'dev', `to-${i}`, 'master', 'hub', 'up');
      ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'eth0');
      for (const device of ['lo', 'eth0']) ip('-n', name, 'link', 'set', 'dev', device, 'up');
      return { name, address };
    });
    return { machines, remove };
  } catch (error) {
    remove();
    throw error;
  }

  function add(name: string): void {
    ip('netns', 'add', name);
    made.push(name);
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
}

/** Why there can be none here; undefined where they can. */
export function namespacesMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces: only root makes them';
  const name = `probe${process.pid.toString(36)}`;
  const { status, stderr, error } = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (status !== 0)
    return `network namespaces: ${(stderr ?? error?.message ?? '').trim().split('\n').at(-1)}`;
  spawnSync('ip', ['netns', 'delete', name]);
  return undefined;
}
