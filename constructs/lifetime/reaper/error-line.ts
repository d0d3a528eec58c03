/** Any failure as one line: the SDK's own messages may span several and often leave the name out. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = (error.message.split('\n')[0] ?? '').trim();
  return error.name === 'Error' || message.includes(error.name)
    ? message
    : `${error.name}: ${message}`.replace(/: $/, '');
}
