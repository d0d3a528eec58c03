/** The key of an end that takes it from Vault when it takes the tunnel up, as a workflow does: the next pair is made here. */
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import { isKey, newPrivateKey, publicKeyOf } from '../../../../benchmark/src/host/tunnel/keys';
import { CliError } from '../../cli';
import type { Kind } from '../kind';
import { OVERLAP_HOURS, peersHaveAsked, tellPeers, WIREGUARD_DAYS } from './tunnel-peers';

export function heldEndKind(end: string): Kind {
  const what = `wireguard/${end}`;
  const path = VAULT_PATHS.wireguard(end);
  return {
    ...{ what, path, intervalDays: WIREGUARD_DAYS },
    prepare: async ({ secrets }) => {
      const held = (await secrets.read(path))?.fields['private_key'];
      if (held === undefined || !isKey(held))
        throw new CliError(
          `${what}: private_key in Vault is none; allowed: 32 bytes in base64, as wg genkey prints them`,
        );
      const next = newPrivateKey();
      return {
        ...{ private_key: next, public_key: publicKeyOf(next) },
        previous_public_key: publicKeyOf(held),
      };
    },
    steps: [
      {
        name: 'accept',
        title: 'its peers take the next key beside the one so far',
        run: async ({ next }, { secrets }) => {
          await tellPeers(secrets, end, [next['previous_public_key']!, next['public_key']!]);
          const before = await secrets.read(path);
          await secrets.write(path, { ...before?.fields, next_private_key: next['private_key']! }, before);
        },
      },
      {
        name: 'vault',
        title: 'it speaks under the next key when it takes the tunnel up from now on',
        run: async (rotation, context) => {
          await peersHaveAsked(what, rotation, context);
          const before = await context.secrets.read(path);
          const { next_private_key: _, private_key: key, ...fields } = before?.fields ?? {};
          const { private_key: nextKey, previous_public_key: previous } = rotation.next;
          // A machine may have slept through the wait.
          if (key === undefined || !isKey(key) || (key !== nextKey && publicKeyOf(key) !== previous))
            throw new CliError(
              `${what}: private_key in Vault is another by now; allowed: the one that is rotated`,
            );
          await context.secrets.write(path, { ...fields, private_key: nextKey! }, before);
        },
      },
      {
        name: 'forget',
        title: 'its peers take the key before no more',
        afterHours: OVERLAP_HOURS,
        run: ({ next }, { secrets }) => tellPeers(secrets, end, [next['public_key']!]),
      },
    ],
  };
}
