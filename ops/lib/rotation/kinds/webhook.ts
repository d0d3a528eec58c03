/** The key that the environment's hosts sign their deliveries with: the dashboard takes both for a while, hosts read the new one. */
import { randomBytes } from 'node:crypto';
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import type { Environment } from '../../../../environments/schema';
import { Dashboard, DASHBOARD_TOKEN } from '../dashboard';
import type { Kind } from '../kind';
import { overlapHours } from './overlap';

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
        run: async ({ next }, { secrets }) =>
          secrets.write(path, { key: next['key']! }, await secrets.read(path)),
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
