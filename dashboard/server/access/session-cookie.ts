/** The cookie of a session. */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ServerConfig } from '../config';
import { SESSION_SECONDS } from '../store/sessions';

type Config = Pick<ServerConfig, 'publicUrl'>;

const isHttps = ({ publicUrl }: Config): boolean => publicUrl?.startsWith('https:') === true;

/** Browsers take a name that begins with `__Host-` only over https, from this very host, for all its paths. */
export const cookieName = (config: Config): string => (isHttps(config) ? '__Host-he300' : 'he300');

const attributes = (config: Config) =>
  ({ path: '/', httpOnly: true, sameSite: 'Strict', secure: isHttps(config) }) as const;

export const readSessionCookie = (c: Context, config: Config): string | undefined =>
  getCookie(c, cookieName(config));

export function setSessionCookie(c: Context, config: Config, id: string): void {
  setCookie(c, cookieName(config), id, { ...attributes(config), maxAge: SESSION_SECONDS });
}

export function dropSessionCookie(c: Context, config: Config): void {
  deleteCookie(c, cookieName(config), attributes(config));
}
