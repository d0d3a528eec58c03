/** What `rotate` would do, without doing it. */
import { standingOf, type Standing } from './due';
import type { Context, Kind, Step } from './kind';
import { nextStep } from './engine';
import { readRecord } from './record';
import type { VaultSecretsOf } from './secrets';

export interface Plan {
  readonly what: string;
  readonly standing: Standing;
  /** In order; empty when there is nothing to do, or a person must bring the value. */
  readonly steps: readonly Pick<Step, 'name' | 'title' | 'afterHours'>[];
  /** Variables of the environment that are not set, and have to be. */
  readonly missing: readonly string[];
}

/**
 * @param asked by a person, by name; else only what is due
 * @throws VaultError, CliError
 */
export async function planOf(
  kind: Kind,
  { secrets, variables, now }: Context & { readonly secrets: VaultSecretsOf },
  asked: boolean,
): Promise<Plan> {
  const { what, byHand = false, steps: all } = kind;
  const standing = await standingOf(kind, secrets, now());
  const begins = asked || (standing.is === 'due' && !byHand);
  const record = await readRecord(secrets, what);
  const next = record ? nextStep(kind, record) : begins ? all[0] : undefined;
  const steps = next ? all.slice(all.indexOf(next)) : [];
  return {
    ...{ what, standing },
    steps: steps.map(({ name, title, afterHours = 0 }) => ({ name, title, afterHours })),
    missing: steps.length > 0 ? (kind.variables ?? []).filter((name) => !variables[name]) : [],
  };
}
