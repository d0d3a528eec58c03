/**
 * The key of an end that holds it itself, as a person's machine does: a person brings the public one that comes next, changes
 * to it there, and brings the one that the end speaks under then, before which the peers forget nothing.
 */
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import { isKey } from '../../../../benchmark/src/host/tunnel/keys';
import type { Environment } from '../../../../environments/schema';
import { CliError } from '../../cli';
import { NeedsPerson, type Context, type Fields, type Kind } from '../kind';
import { OVERLAP_HOURS, peersHaveAsked, tellPeers, WIREGUARD_DAYS } from './tunnel-peers';

export function ownEndKind(env: Environment, end: string): Kind {
  const what = `wireguard/${end}`;
  return {
    ...{ what, path: VAULT_PATHS.tunnelPeer(end), intervalDays: WIREGUARD_DAYS },
    ...{ byHand: true, takesValueLater: true },
    prepare: (context) => nextOf(env, end, context),
    steps: [
      {
        name: 'accept',
        title: 'its peers take the next key beside the one so far',
        run: ({ next }, { secrets }) =>
          tellPeers(secrets, end, [next['previous_public_key']!, next['public_key']!]),
      },
      {
        name: 'ask',
        title: 'it may speak under the next key from now on',
        run: async (rotation, context) => {
          await peersHaveAsked(what, rotation, context);
          context.progress(
            `${what}: on that end: he300 tunnel rotate FILE; in ${OVERLAP_HOURS} h here: npm run rotate -- ${env.name} ${what} --value-file FILE, with what he300 tunnel key prints there after that change`,
          );
        },
      },
      {
        name: 'forget',
        title: 'its peers take the key before no more',
        afterHours: OVERLAP_HOURS,
        run: async ({ next }, { secrets, value }) => {
          if (value?.trim() !== next['public_key'])
            throw new (value === undefined ? NeedsPerson : CliError)(
              `${what}: ${value === undefined ? 'nobody has told which key the end speaks under' : 'the end does not speak under its next key'}; allowed: --value-file with what he300 tunnel key prints there after he300 tunnel rotate`,
            );
          await tellPeers(secrets, end, [next['public_key']!]);
        },
      },
    ],
  };
}

async function nextOf(env: Environment, end: string, { secrets, value }: Context): Promise<Fields> {
  const what = `wireguard/${end}`;
  const { mode } = env.network;
  const peers = mode.kind === 'wireguard' ? mode.peers : [];
  const told = (await secrets.read(VAULT_PATHS.tunnelPeer(end)))?.fields['public_keys'];
  const previous = told?.trim().split(/\s+/)[0] || peers.find(({ name }) => name === end)?.publicKey;
  if (previous === undefined) {
    const names = peers.map(({ name }) => name).join(', ') || 'none: no peer is in network.mode';
    throw new CliError(`${what}: no such end; allowed: ${names}`);
  }
  const next = value?.trim();
  const fault =
    next === undefined
      ? 'its private key stays on that end'
      : next === previous
        ? 'the value is the key that it has'
        : isKey(next)
          ? undefined
          : 'the value is no public key';
  if (next === undefined || fault !== undefined)
    throw new CliError(
      `${what}: ${fault}; allowed: --value-file with what he300 tunnel next-key prints there`,
    );
  return { public_key: next, previous_public_key: previous };
}
