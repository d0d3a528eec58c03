/** `he300-dashboard webhook-key …`: the keys that hosts sign their deliveries with. */
import { Argument, Command, Option } from 'commander';
import { environmentName, newWebhookKey } from '../../../api/access';
import { InputError } from '../../errors';
import { createWebhookKey, DEFAULT_OVERLAP_HOURS, setWebhookKey } from '../../receive/webhook-keys';
import { keyIdOf, listKeys } from '../../store/webhook-keys';
import { CLI_ACTOR, columns, withStore, type Io } from '../io';
import { checkedBy, integer } from '../options';

interface Overlap {
  readonly overlapHours: number;
}

const environment = () =>
  new Argument('<environment>', 'whose hosts sign with it').argParser(checkedBy(environmentName));

const overlap = () =>
  new Option('--overlap-hours <n>', 'how long the key before it is still taken')
    .argParser(integer(0, 720))
    .default(DEFAULT_OVERLAP_HOURS);

export function webhookKeyCommand(io: Io): Command {
  const keysOf = (name: string) =>
    withStore(io, async ({ db }) => (await listKeys(db, io.now())).filter((key) => key.environment === name));

  const make = (name: string, overlapHours: number) =>
    withStore(io, async (store) => {
      const key = await createWebhookKey(
        { store, now: io.now },
        { environment: name, overlapHours },
        CLI_ACTOR,
      );
      io.stderr(`key ${keyIdOf(key)} of ${name}; it is shown this once:\n`);
      io.stdout(`${key}\n`);
    });

  const create = new Command('create')
    .description('makes the first key of an environment and prints it, this once')
    .addArgument(environment())
    .action(async (name: string) => {
      if ((await keysOf(name)).length > 0)
        throw new InputError(`${name} has a key already; allowed: webhook-key rotate ${name}`);
      await make(name, DEFAULT_OVERLAP_HOURS);
    });

  const rotate = new Command('rotate')
    .description('makes another key; the one before it is taken for a while')
    .addArgument(environment())
    .addOption(overlap())
    .action(async (name: string, { overlapHours }: Overlap) => {
      if ((await keysOf(name)).length === 0)
        throw new InputError(`${name} has no key yet; allowed: webhook-key create ${name}`);
      await make(name, overlapHours);
    });

  const set = new Command('set')
    .description('takes a key that is known already, such as the one in the vault')
    .addArgument(environment())
    .argument('<key>', 'whsec_… or, so that it is in no list of processes, - for standard input')
    .addOption(overlap())
    .action(async (name: string, given: string, { overlapHours }: Overlap) => {
      const key = given === '-' ? (await io.stdin()).trim() : given;
      const { success, error } = newWebhookKey.shape.key.safeParse(key);
      if (!success) throw new InputError(`the key is none; allowed: ${error.issues[0]!.message}`);
      await withStore(io, async (store) => {
        const wanted = { environment: name, key, overlapHours };
        const isNew = await setWebhookKey({ store, now: io.now }, wanted, CLI_ACTOR);
        io.stdout(isNew ? `${name} signs with ${keyIdOf(key)} now\n` : `${name} signs with it already\n`);
      });
    });

  const list = new Command('list').description('lists the keys that are taken, by their ids').action(() =>
    withStore(io, async ({ db }) => {
      const rows = (await listKeys(db, io.now())).map((key) => [
        key.environment,
        key.keyId,
        key.createdAt,
        key.expiresAt === null ? 'newest' : `until ${key.expiresAt}`,
      ]);
      io.stdout(columns(['environment', 'key', 'since', 'state'], rows));
    }),
  );

  return new Command('webhook-key')
    .description('makes, sets, rotates and lists the keys of deliveries')
    .addCommand(create)
    .addCommand(set)
    .addCommand(rotate)
    .addCommand(list);
}
