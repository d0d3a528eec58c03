/** The token that hosts upload with: the dashboard makes the next one, and the one before is revoked when no run has it any more. */
import { randomBytes } from 'node:crypto';
import { HOST_API_KEYS, VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import type { Environment } from '../../../../environments/schema';
import { Dashboard, DASHBOARD_TOKEN } from '../dashboard';
import { NeedsPerson, type Context, type Fields, type Kind, type Rotation } from '../kind';
import { overlapHours } from './overlap';

export const API_KEY_DAYS = 30;

const WHAT = `api-key/${HOST_API_KEYS.dashboard}`;
const PATH = VAULT_PATHS.apiKey(HOST_API_KEYS.dashboard);

export function dashboardTokenKind(env: Environment): Kind {
  const hours = overlapHours(env);
  return {
    ...{ what: WHAT, path: PATH, intervalDays: API_KEY_DAYS, variables: [DASHBOARD_TOKEN] },
    prepare: async (context) => {
      void new Dashboard(context);
      // Only the dashboard makes tokens, and tells each once: straight into Vault with it.
      return {};
    },
    steps: [
      {
        name: 'find',
        title: 'looks which token hosts upload with now',
        run: (_, context) => findPrevious(context),
      },
      {
        name: 'replace',
        title: 'hosts that begin from now on upload with another one',
        run: (rotation, context) => replace(env.name, rotation, context),
      },
      {
        name: 'revoke',
        title: 'the token before lets nobody in any more',
        afterHours: hours,
        run: (rotation, context) => revokePrevious(env.name, rotation, context),
      },
    ],
  };
}

/** Before it is replaced: afterwards nobody knows its secret. */
async function findPrevious(context: Context): Promise<Fields> {
  const secret = (await context.secrets.read(PATH))?.fields['api_key'];
  if (secret === undefined) return {};
  const dashboard = new Dashboard(context);
  const name = await dashboard.nameOf(secret);
  if (name === undefined) return {};
  const named = (await dashboard.tokens()).filter((token) => token.name === name);
  if (named.length === 0) return {};
  if (named.length === 1) return { previous_id: named[0]!.id };
  // The dashboard tells no more of a secret than its token's name.
  return { ambiguous_ids: named.map(({ id }) => id).join(' '), ambiguous_name: name };
}

async function replace(environment: string, rotation: Rotation, context: Context): Promise<void> {
  const { secrets } = context;
  const dashboard = new Dashboard(context);
  const before = await secrets.read(PATH);
  if (await isOwn(environment, rotation, dashboard, before?.fields['api_key'])) return;
  const name = `${nameStart(environment, rotation)}${randomBytes(4).toString('hex')}`;
  const made = await dashboard.newToken({ name, role: 'runner', environment });
  try {
    await secrets.write(PATH, { api_key: made.secret }, before);
  } catch (error) {
    // When Vault has taken it and the answer was lost, hosts use it already.
    if ((await secrets.read(PATH))?.fields['api_key'] !== made.secret) await dashboard.revoke(made.id);
    throw error;
  }
}

async function revokePrevious(environment: string, rotation: Rotation, context: Context): Promise<void> {
  const dashboard = new Dashboard(context);
  const current = (await context.secrets.read(PATH))?.fields['api_key'];
  const name = current === undefined ? undefined : await dashboard.nameOf(current);
  const start = nameStart(environment, rotation);
  for (const token of await dashboard.tokens()) {
    // Another one of this rotation is what a killed rotate made and did not come to write down.
    const lost = token.name.startsWith(start) && token.name !== name;
    const previous = token.id === rotation.next['previous_id'] && token.name !== name;
    if (lost || previous) await dashboard.revoke(token.id);
  }
  await checkRevokedByHand(rotation, dashboard);
}

/** @throws NeedsPerson as long as nobody has revoked one of those that the one before may be */
async function checkRevokedByHand({ next }: Rotation, dashboard: Dashboard): Promise<void> {
  const ids = next['ambiguous_ids']?.split(' ') ?? [];
  const good = new Set((await dashboard.tokens()).map(({ id }) => id));
  if (ids.length === 0 || !ids.every((id) => good.has(id))) return;
  throw new NeedsPerson(
    `${WHAT}: ${ids.length} tokens are named '${next['ambiguous_name']}', and one of them is what hosts had; allowed: revoke that one in the dashboard, then again`,
  );
}

const isOwn = async (
  environment: string,
  rotation: Rotation,
  dashboard: Dashboard,
  secret: string | undefined,
): Promise<boolean> =>
  secret !== undefined &&
  ((await dashboard.nameOf(secret))?.startsWith(nameStart(environment, rotation)) ?? false);

/** Of the names of tokens that this rotation makes: one an attempt. */
const nameStart = (environment: string, { id }: Rotation): string => `hosts of ${environment} ${id}/`;
