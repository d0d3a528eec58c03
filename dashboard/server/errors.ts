/** A fault of what the dashboard was given, in one line: what was wrong, the value, what is allowed. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
