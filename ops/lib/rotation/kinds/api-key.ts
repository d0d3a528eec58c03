/** API keys: one that the dashboard makes, one that is ours to make, and those that others issue and a person brings. */
import { randomBytes } from 'node:crypto';
import { HOST_API_KEYS, VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import type { Environment } from '../../../../environments/schema';
import { NeedsPerson, type Kind } from '../kind';
import { API_KEY_DAYS, dashboardTokenKind } from './dashboard-token';

/** By the name below `api-keys`. */
export function apiKeyKind(env: Environment, name: string): Kind {
  if (name === HOST_API_KEYS.dashboard) return dashboardTokenKind(env);
  const path = VAULT_PATHS.apiKey(name);
  const byHand = name !== HOST_API_KEYS.modelServer;
  const what = `api-key/${name}`;
  return {
    ...{ what, path, intervalDays: API_KEY_DAYS, byHand },
    prepare: async ({ value }) => {
      if (!byHand) return { api_key: randomBytes(32).toString('base64url') };
      if (value !== undefined) return { api_key: value };
      throw new NeedsPerson(
        `${what}: others issue it; allowed: --value-file FILE with the next one, or - to read it from standard input`,
      );
    },
    steps: [
      {
        name: 'vault',
        title: 'whoever reads it from now on gets the next one',
        run: async ({ next }, { secrets }) =>
          secrets.write(path, { api_key: next['api_key']! }, await secrets.read(path)),
      },
    ],
  };
}
