/** `dev` with a fault in it, and what is said of it. */
import { dev } from '../../environments/dev';
import { checkEnvironment, EnvironmentError } from '../../environments/check';

export const FILE = 'environments/dev.ts';

/** `dev` with these fields changed, named by their paths; undefined takes one out. */
export function changed(changes: Readonly<Record<string, unknown>>): unknown {
  const copy = structuredClone(dev) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    const at = keys.reduce<Record<string, unknown>>((o, key) => o[key] as Record<string, unknown>, copy);
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return copy;
}

export function faultsOf(value: unknown): string[] {
  try {
    checkEnvironment(FILE, value);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    return (error as Error).message.split('\n');
  }
}
