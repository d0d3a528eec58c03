/** The key that JSON Web Tokens are signed with (HS256): whoever verifies takes the one before, too, for a day. */
import { randomBytes } from 'node:crypto';
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import type { Context, Fields, Kind, Rotation } from '../kind';

const OVERLAP_HOURS = 24;
const HOUR_MS = 3_600_000;
/** As long as the hash's block: RFC 7518 asks for 32 at least. */
const SECRET_BYTES = 64;

export function jwtKind(): Kind {
  const path = VAULT_PATHS.jwtSigningKey;
  return {
    ...{ what: 'jwt', path, intervalDays: 90 },
    prepare: async ({ now }) => ({
      kid: `${now().toISOString().slice(0, 10)}-${randomBytes(4).toString('hex')}`,
      secret: randomBytes(SECRET_BYTES).toString('base64url'),
    }),
    steps: [
      {
        name: 'vault',
        title: `signers take the next key; verifiers take both for ${OVERLAP_HOURS} h`,
        run: (rotation, context) => sign(path, rotation, context),
      },
      {
        name: 'drop',
        title: 'the key before verifies nothing any more',
        afterHours: OVERLAP_HOURS,
        run: async ({ next }, { secrets }) => {
          const before = await secrets.read(path);
          if (before?.fields['kid'] === next['kid']) await secrets.write(path, own(next), before);
        },
      },
    ],
  };
}

async function sign(path: string, { next, leaked }: Rotation, { secrets, now }: Context): Promise<void> {
  const before = await secrets.read(path);
  const { kid, secret } = before?.fields ?? {};
  if (kid === next['kid']) return;
  const previous =
    kid && secret && !leaked
      ? {
          ...{ previous_kid: kid, previous_secret: secret },
          previous_valid_until: new Date(now().getTime() + OVERLAP_HOURS * HOUR_MS).toISOString(),
        }
      : {};
  await secrets.write(path, { ...own(next), ...previous }, before);
}

const own = ({ kid, secret }: Fields): Fields => ({ kid: kid!, secret: secret! });
