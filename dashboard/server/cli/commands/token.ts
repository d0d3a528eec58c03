/** `he300-dashboard token …`: the tokens, for whoever has a shell on the server. */
import { Argument, Command, Option } from 'commander';
import { environmentName, newToken, ROLES, type Role, type Token } from '../../../api/access';
import { audit } from '../../access/audit';
import { InputError } from '../../errors';
import { createToken, listTokens, revokeToken } from '../../store/tokens';
import { CLI_ACTOR, columns, withStore, type Io } from '../io';
import { checkedBy, integer } from '../options';

interface CreateOptions {
  readonly role: Role;
  readonly environment?: string;
  readonly expiresInDays?: number;
}

export function tokenCommand(io: Io): Command {
  const create = new Command('create')
    .description('makes a token and prints it, this once')
    .addArgument(new Argument('<name>', 'whom or what it is for').argParser(checkedBy(newToken.shape.name)))
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .addOption(
      new Option(
        '--environment <name>',
        'the only one that a runner may upload for (default: all)',
      ).argParser(checkedBy(environmentName)),
    )
    .addOption(
      new Option('--expires-in-days <n>', 'how long it is valid (default: for ever)').argParser(
        integer(1, 3650),
      ),
    )
    .action(async (name: string, options: CreateOptions) =>
      withStore(io, async ({ db }) => {
        const { role } = options;
        const environment = options.environment ?? null;
        const expiresInDays = options.expiresInDays ?? null;
        const made = await db.transaction().execute(async (tx) => {
          const created = await createToken(tx, { name, role, environment, expiresInDays }, io.now());
          const detail = [name, role, environment ?? 'all environments'].join(', ');
          await audit(tx, { actor: CLI_ACTOR, action: 'token.create', target: created.id, detail }, io.now());
          return created;
        });
        // Alone on standard output, so that a script can take it.
        io.stderr(`token ${made.id} of ${name} (${role}); it is shown this once:\n`);
        io.stdout(`${made.secret}\n`);
      }),
    );

  const list = new Command('list').description('lists all tokens, without their secrets').action(() =>
    withStore(io, async ({ db }) => {
      const rows = (await listTokens(db)).map((token) => [
        token.id,
        token.name,
        token.role,
        token.environment ?? 'all',
        stateOf(token, io.now()),
        token.lastUsedAt ?? 'never',
      ]);
      io.stdout(columns(['id', 'name', 'role', 'environment', 'state', 'last used'], rows));
    }),
  );

  const revoke = new Command('revoke')
    .description('lets a token in no more, and ends its sessions')
    .argument('<token>', 'its id, or its name where no other has that')
    .action((idOrName: string) =>
      withStore(io, ({ db }) =>
        db.transaction().execute(async (tx) => {
          const revoked = await revokeToken(tx, idOrName, io.now());
          if (!revoked)
            throw new InputError(
              `no valid token '${idOrName}', or several of that name; allowed: an id from 'token list'`,
            );
          const change = {
            actor: CLI_ACTOR,
            action: 'token.revoke',
            target: revoked.id,
            detail: revoked.name,
          };
          await audit(tx, change, io.now());
          io.stdout(`revoked ${revoked.id} (${revoked.name})\n`);
        }),
      ),
    );

  return new Command('token')
    .description('makes, lists and revokes tokens')
    .addCommand(create)
    .addCommand(list)
    .addCommand(revoke);
}

function stateOf({ revokedAt, expiresAt }: Token, now: Date): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  if (expiresAt === null) return 'valid';
  return expiresAt <= now.toISOString() ? `expired ${expiresAt}` : `until ${expiresAt}`;
}
