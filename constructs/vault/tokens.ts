/** Tokens that a login makes: attributes that the roles of every auth method share. */
import type { Environment } from '../../environments/schema';
import { namesOf, type VaultRole } from '../naming/names';

/** A host that is late still says so: its token outlives the run by as much. */
const AFTER_THE_RUN_MINUTES = 10;

/** Of a run's host, for as long as the run may last. */
export const hostToken = (env: Environment) =>
  token(env, 'host', 30, env.run.timeLimitMinutes + AFTER_THE_RUN_MINUTES);

/** Of the dashboard, which logs in again each day. */
export const dashboardToken = (env: Environment) => token(env, 'dashboard', 60, 24 * 60);

/** Of a job of GitHub, which reads what it needs at its start. */
export const jobToken = (env: Environment, role: VaultRole) => token(env, role, 5, 5);

function token(env: Environment, role: VaultRole, ttlMinutes: number, maxTtlMinutes: number) {
  return {
    tokenPolicies: [namesOf(env).vault.role(role)],
    tokenNoDefaultPolicy: true,
    // Vault refuses a role whose first is above the second.
    tokenTtl: Math.min(ttlMinutes, maxTtlMinutes) * 60,
    tokenMaxTtl: maxTtlMinutes * 60,
    // However often it is renewed, and whatever the mount allows.
    tokenExplicitMaxTtl: maxTtlMinutes * 60,
  };
}
