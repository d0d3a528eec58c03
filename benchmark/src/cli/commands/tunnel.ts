import { Command } from 'commander';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TUNNEL_INTERFACE } from '../../contract/host-config';
import { InputError } from '../../errors';
import { integer } from '../options';
import type { Streams } from '../run';

interface TunnelOptions {
  readonly state: string;
  readonly interface: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly patience: number;
}

/** https://specifications.freedesktop.org/basedir-spec */
const DEFAULT_STATE = join(process.env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'he300', 'tunnel');

export function tunnelCommand(io: Streams): Command {
  const tunnel = new Command('tunnel').description(
    'an end of the tunnel that is no host: a person’s machine, or a workflow that drives a GPU host',
  );
  const withState = (name: string, description: string): Command =>
    tunnel
      .command(name)
      .description(description)
      .option('--state <dir>', 'where its keys are kept', DEFAULT_STATE);
  const withTunnel = (command: Command): Command =>
    command
      .option('--interface <name>', 'network interface', TUNNEL_INTERFACE)
      .option('--bucket <name>', 'artifact bucket, where hosts publish their keys')
      .option('--region <region>', 'of the bucket (default: AWS_REGION)')
      .option('--patience <seconds>', 'how long the peers are waited for', integer(1, 3_600), 120);

  withState('key', 'prints the public key, and makes the pair where there is none').action(
    async ({ state }: TunnelOptions) => {
      const { publicKey } = await import('../../host/tunnel/own-end');
      io.stdout(`${publicKey(state)}\n`);
    },
  );
  withState('next-key', 'prints the public key that comes next: the peers accept it before `rotate`').action(
    async ({ state }: TunnelOptions) => {
      const { nextPublicKey } = await import('../../host/tunnel/own-end');
      io.stdout(`${nextPublicKey(state)}\n`);
    },
  );
  withTunnel(withState('up', 'takes the tunnel up, and waits until every peer has proved itself'))
    .argument('<file>', 'JSON, as `network` of host.json')
    .action(async (config: string, options: TunnelOptions) => {
      const { takeUp } = await import('../../host/tunnel/own-end');
      await takeUp(await ownEnd(config, options, io), AbortSignal.timeout(options.patience * 1000)).catch(
        asInput,
      );
    });
  withTunnel(withState('rotate', 'speaks under the next key; takes the old one back when nobody answers'))
    .argument('<file>', 'JSON, as `network` of host.json')
    .action(async (config: string, options: TunnelOptions) => {
      const { rotate } = await import('../../host/tunnel/own-end');
      await rotate(await ownEnd(config, options, io), AbortSignal.timeout(options.patience * 1000)).catch(
        asInput,
      );
    });
  withState('down', 'takes the tunnel down; the keys stay')
    .option('--interface <name>', 'network interface', TUNNEL_INTERFACE)
    .action(async ({ state, interface: interfaceName }: TunnelOptions) => {
      const { takeDown } = await import('../../host/tunnel/own-end');
      await takeDown({ state, interfaceName });
    });
  return tunnel;
}

async function ownEnd(config: string, options: TunnelOptions, io: Streams) {
  const { bucketOf } = await import('../../host/aws/bucket-of');
  const region = options.region ?? process.env['AWS_REGION'];
  if (options.bucket !== undefined && !region)
    throw new InputError('tunnel: no region of the bucket; allowed: --region, or AWS_REGION');
  const store = options.bucket === undefined ? undefined : bucketOf(options.bucket, region!, process.env);
  const write = (line: string): void => io.stderr(line);
  return { config, state: options.state, interfaceName: options.interface, store, write };
}

/** What goes wrong with the network is told in a line, not as a fault of ours. */
function asInput(error: unknown): never {
  throw error instanceof InputError ? error : new InputError((error as Error).message);
}
