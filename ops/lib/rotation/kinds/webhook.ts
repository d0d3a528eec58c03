/** The key that the environment's hosts sign their deliveries with: the dashboard takes both for a while, hosts read the new one. */
import { randomBytes } from 'node:crypto';
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import type { Environment } from '../../../../environments/schema';
import { Dashboard, DASHBOARD_TOKEN } from '../dashboard';
import type { Context, Kind, Rotation } from '../kind';
import { overlapHours, RESUME_HOURS } from './overlap';

const HOUR_MS = 3_600_000;

export function webhookKind(env: Environment): Kind {
  const path = VAULT_PATHS.webhookKey;
  const hours = overlapHours(env);
  return {
    ...{ what: 'webhook', path, intervalDays: 90, variables: [DASHBOARD_TOKEN] },
    prepare: async (context) => {
      void new Dashboard(context);
      return { key: `whsec_${randomBytes(32).toString('base64')}` };
    },
    steps: [
      {
        name: 'dashboard',
        title: `the dashboard takes the next key, and the one before for ${hours} h`,
        run: ({ next, leaked }, context) =>
          new Dashboard(context).setWebhookKey(env.name, {
            key: next['key']!,
            overlapHours: leaked ? 0 : hours,
          }),
      },
      {
        name: 'vault',
        title: 'hosts that begin from now on sign with it',
        run: async (rotation, context) => {
          const { secrets } = context;
          const before = await secrets.read(path);
          if (isLate(rotation, context)) await keepBoth(env, rotation, before?.fields['key'], context);
          await secrets.write(path, { key: rotation.next['key']! }, before);
        },
      },
      {
        // The dashboard takes two keys and no third: another rotation before that would end the key of runs in flight.
        name: 'overlap',
        title: 'the key before is not taken any more',
        afterHours: hours,
        run: () => Promise.resolve(),
      },
    ],
  };
}

/** So late that runs which begin with the key before outlive its overlap. */
const isLate = ({ stepAt, leaked }: Rotation, { now }: Context): boolean =>
  !leaked && now().getTime() - stepAt.getTime() > RESUME_HOURS * HOUR_MS;

/** @param before what hosts have read until now */
async function keepBoth(
  { name, run }: Environment,
  { next, stepAt }: Rotation,
  before: string | undefined,
  context: Context,
): Promise<void> {
  const key = next['key']!;
  if (before === undefined || before === key) return;
  const hours = overlapHours({ run });
  const until = new Date(stepAt.getTime() + hours * HOUR_MS);
  const refused = until < context.now() ? 'it has refused hosts since then' : 'that is too soon';
  context.progress(
    `webhook: the rotation rested, and the dashboard takes the key of hosts until ${until.toISOString()}: ${refused}; from now on it takes both for ${hours} h again`,
  );
  const dashboard = new Dashboard(context);
  // Only what was its newest key is kept beside the next.
  for (const each of [before, key]) await dashboard.setWebhookKey(name, { key: each, overlapHours: hours });
}
