/** What servers ask for before they answer. It comes from variables: the command line can be seen by others. */
import { InputError } from '../errors';

/** Key or token of the server. */
export const API_KEY_VARIABLE = 'HE300_API_KEY';
/** For servers that give a token to whoever logs in. */
export const USERNAME_VARIABLE = 'HE300_USERNAME';
export const PASSWORD_VARIABLE = 'HE300_PASSWORD';

export type Credentials =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'login'; readonly username: string; readonly password: string };

export const apiKey = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env[API_KEY_VARIABLE] || undefined;

/** @throws InputError when there are none */
export function credentials(engine: string, env: NodeJS.ProcessEnv = process.env): Credentials {
  const key = apiKey(env);
  if (key !== undefined) return { kind: 'key', key };
  const [username, password] = [env[USERNAME_VARIABLE], env[PASSWORD_VARIABLE]];
  if (username && password) return { kind: 'login', username, password };
  throw new InputError(
    `engine ${engine}: no credentials; allowed: ${API_KEY_VARIABLE}, or ${USERNAME_VARIABLE} and ${PASSWORD_VARIABLE}`,
  );
}
