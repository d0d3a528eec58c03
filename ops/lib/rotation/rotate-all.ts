/** One rotation, or whatever is due: each fails for itself, and the others go on. */
import { VaultError } from '../../../benchmark/src/vault';
import { CliError } from '../cli';
import { standingOf, type Standing } from './due';
import { rotate, type Outcome, type RotationContext } from './engine';
import { NeedsPerson, type Kind } from './kind';

export type Report =
  | Outcome
  | { readonly what: string; readonly did: 'nothing'; readonly standing: Standing }
  /** Only a person can do what comes next. */
  | { readonly what: string; readonly did: 'told'; readonly needs: string }
  | { readonly what: string; readonly did: 'failed'; readonly error: string };

/** One that a person asked for. */
export const rotateOne = (kind: Kind, context: RotationContext): Promise<readonly Report[]> =>
  orFailed(kind.what, context, async () => [await rotate(kind, context)]);

/** Every kind, in order. */
export async function rotateDue(
  kinds: readonly Kind[],
  context: RotationContext,
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const kind of kinds)
    reports.push(...(await orFailed(kind.what, context, async () => [await dueReport(kind, context)])));
  return reports;
}

/**
 * What the work reports, or that it failed: nobody else loses his turn by it, and somebody hears of it.
 * @param what it is of, for the report
 */
export async function orFailed(
  what: string,
  { progress }: Pick<RotationContext, 'progress'>,
  work: () => Promise<readonly Report[]>,
): Promise<readonly Report[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CliError || error instanceof VaultError) return [failure(what, error)];
    const { name, stack } = error instanceof Error ? error : new Error(String(error));
    // Only who reads along sees it all: a notice goes further, and nobody knows what a fault of ours says.
    progress(`${what}: unexpected error\n${stack}`);
    return [{ what, did: 'failed', error: `unexpected error (${name}), a fault of rotate` }];
  }
}

function failure(what: string, error: CliError | VaultError): Report {
  // Whoever reads it has read which one it is of.
  const why = error.message.startsWith(`${what}: `) ? error.message.slice(what.length + 2) : error.message;
  return error instanceof NeedsPerson
    ? { what, did: 'told', needs: why }
    : { what, did: 'failed', error: why };
}

async function dueReport(kind: Kind, context: RotationContext): Promise<Report> {
  const { what, intervalDays, byHand = false } = kind;
  const standing = await standingOf(kind, context.secrets, context.now());
  if (standing.is === 'unfinished') return rotate(kind, context);
  if (standing.is !== 'due') return { what, did: 'nothing', standing };
  if (!byHand) return rotate(kind, context);
  const needs = `${standing.ageDays} days old, due after ${intervalDays}; npm run rotate -- ${context.env.name} ${what} --value-file FILE`;
  return { what, did: 'told', needs };
}
