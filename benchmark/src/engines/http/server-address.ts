/** The address of a server, as a user gives it. */
import { InputError } from '../../errors';

/**
 * @param option what errors call it, such as `judge: --judge-url`
 * @param keyVariable where a key belongs instead
 * @throws InputError when it is no http address, or tells a secret: plans, reports and errors show addresses
 */
export function serverAddress(text: string, option: string, keyVariable: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new InputError(`${option} ${text}; allowed: an http or https address`);
  if (url.username !== '' || url.password !== '')
    throw new InputError(
      `${option} has a name or password in it; allowed: none, and a key in ${keyVariable}`,
    );
  return url;
}
