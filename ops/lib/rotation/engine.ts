/**
 * Takes a rotation from step to step. How far it has come stands in Vault after each, so that whoever is killed is followed
 * by whoever runs next, on any machine; every write follows the version that it read, so that two do not cross.
 */
import { randomBytes } from 'node:crypto';
import { CliError } from '../cli';
import { NeedsPerson, variableOf, type Context, type Kind, type Rotation, type Step } from './kind';
import { dropRecord, overtaken, readRecord, writeRecord, type Recorded } from './record';
import type { VaultSecretsOf } from './secrets';

const HOUR_MS = 3_600_000;
/** What is waited for here; for more, the next run of `--due` is in time. */
const WAIT_LIMIT_MS = 600_000;
/** The step that is the engine's own. */
const PREPARED = 'prepare';
/** In the metadata of a secret: when its value was made, and in which version it stands. */
export const ROTATED_AT = 'rotated_at';
export const ROTATED_VERSION = 'rotated_version';

export interface RotationContext extends Context {
  readonly secrets: VaultSecretsOf;
  /** Whether others know the value so far. From then on its record says so. */
  readonly leaked: boolean;
}

export type Outcome =
  | { readonly what: string; readonly did: 'rotated'; readonly resumed: boolean }
  /** It goes on with `step` at that time, when somebody asks. */
  | { readonly what: string; readonly did: 'waits'; readonly step: string; readonly until: Date };

/**
 * Begins a rotation, or goes on with one that is not finished. Where the value has leaked, that one is ended first, and another
 * follows: nobody knows which of its values it was.
 * @throws CliError, VaultError; what was done until then stands
 */
export async function rotate(kind: Kind, context: RotationContext): Promise<Outcome> {
  const { what, path, byHand = false } = kind;
  const { secrets } = context;
  const found = await foundIn(kind, context);
  let rotation = found ?? (await begin(kind, context, { leaked: context.leaked, version: 0 }));
  for (;;) {
    const resumed = rotation.id === found?.id;
    const came = await takeSteps(kind, rotation, resumed, context);
    if ('did' in came) return came;
    await secrets.note(path, (metadata) => ({
      [ROTATED_AT]: came.startedAt.toISOString(),
      [ROTATED_VERSION]: String(metadata?.version ?? 0),
    }));
    if (came.again && !byHand) {
      rotation = await begin(kind, context, { leaked: true, version: came.version });
      continue;
    }
    await dropRecord(secrets, what);
    if (!came.again) return { what, did: 'rotated', resumed };
    throw new NeedsPerson(
      `${what}: what was under way has ended, and may have leaked too; allowed: one more, with another value`,
    );
  }
}

/** The one that is not finished, and from now on says that it is in haste where it is. */
async function foundIn(kind: Kind, context: RotationContext): Promise<Recorded | undefined> {
  const { what, byHand, takesValueLater } = kind;
  const { secrets, value, leaked } = context;
  const found = await readRecord(secrets, what);
  if (value !== undefined && !byHand)
    throw new CliError(`${what}: its value is made here; allowed: none but for what others make`);
  if (found && value !== undefined && !takesValueLater)
    throw new CliError(
      `${what}: a rotation of ${found.startedAt.toISOString()} is not finished; allowed: without a value, which ends that one first`,
    );
  if (!found || !leaked) return found;
  return writeRecord(secrets, what, { ...found, leaked, again: true }, found.version);
}

/** @returns how far it came: to its end, or to a step whose time has not come */
async function takeSteps(
  kind: Kind,
  begun: Recorded,
  resumed: boolean,
  context: RotationContext,
): Promise<Recorded | Extract<Outcome, { did: 'waits' }>> {
  const { what } = kind;
  let rotation = begun;
  for (let step = nextStep(kind, rotation); step; step = nextStep(kind, rotation)) {
    const until = dueAt(step, rotation);
    const ms = until.getTime() - context.now().getTime();
    if (ms > WAIT_LIMIT_MS) return { what, did: 'waits', step: step.name, until };
    if (ms > 0) {
      context.progress(`${what}: ${step.name} in ${Math.ceil(ms / 1000)} s`);
      await context.wait(ms);
    }
    checkVariables(kind, context);
    await checkNewest(kind, rotation, context);
    if (resumed && rotation === begun)
      context.progress(`${what}: goes on after ${begun.step}, begun ${begun.startedAt.toISOString()}`);
    context.progress(`${what}: ${step.name}: ${step.title}`);
    rotation = await takeStep(kind, step, rotation, context);
  }
  return rotation;
}

function checkVariables({ variables = [] }: Kind, context: Context): void {
  for (const name of variables) variableOf(context, name);
}

/** @param version of the record that it follows, 0 for none */
async function begin(
  kind: Kind,
  context: RotationContext,
  { leaked, version }: Pick<Recorded, 'leaked' | 'version'>,
): Promise<Recorded> {
  checkVariables(kind, context);
  const next = await kind.prepare(context);
  const startedAt = context.now();
  const id = randomBytes(8).toString('hex');
  const times = { stepAt: startedAt, startedAt };
  const rotation: Rotation = { id, next, step: PREPARED, ...times, leaked, again: false };
  return writeRecord(context.secrets, kind.what, rotation, version);
}

/** Whoever slept over the end of the rotation must not bring old values back. The next one counts from 1 again. */
async function checkNewest(
  { what }: Kind,
  { id, version }: Recorded,
  { secrets }: RotationContext,
): Promise<void> {
  const newest = await readRecord(secrets, what);
  if (newest?.id !== id || newest.version !== version) throw overtaken(what);
}

async function takeStep(
  { what }: Kind,
  step: Step,
  rotation: Recorded,
  context: RotationContext,
): Promise<Recorded> {
  const learned = await step.run(rotation, context);
  const next = { ...rotation.next, ...(learned ?? {}) };
  const after = { ...rotation, next, step: step.name, stepAt: context.now() };
  return writeRecord(context.secrets, what, after, rotation.version);
}

/** Undefined after the last. @throws CliError when the record names a step that there is not */
export function nextStep({ what, steps }: Kind, { step }: Rotation): Step | undefined {
  if (step === PREPARED) return steps[0];
  const at = steps.findIndex(({ name }) => name === step);
  if (at < 0)
    throw new CliError(
      `${what}: its record in Vault has come to the step ${step}; allowed: ${[PREPARED, ...steps.map(({ name }) => name)].join(', ')}`,
    );
  return steps[at + 1];
}

export const dueAt = ({ afterHours = 0 }: Step, { stepAt, leaked }: Rotation): Date =>
  new Date(stepAt.getTime() + (leaked ? 0 : afterHours) * HOUR_MS);
