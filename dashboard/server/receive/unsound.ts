/** Why what a run brought does not hold, in one line that people read. */
export class Unsound extends Error {}

/** @throws Unsound naming the first field that is wrong */
export function parsed<T>(
  schema: {
    safeParse(value: unknown): {
      readonly data?: T;
      readonly error?: { readonly issues: readonly { path: PropertyKey[]; message: string }[] };
    };
  },
  text: string,
  what: string,
): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Unsound(`${what}: no JSON`);
  }
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  const { path, message } = error!.issues[0]!;
  throw new Unsound(`${what}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`);
}
