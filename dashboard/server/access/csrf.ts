/**
 * Against requests that another site makes a browser send (CSRF). Beside the cookie's `SameSite=Strict`: what changes something
 * must come from our own page (`Sec-Fetch-Site`, https://www.w3.org/TR/fetch-metadata; `Origin` in older browsers), and a
 * session must show its `he300-csrf`. A token in a header is sent by no browser on its own: it needs neither.
 */
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ServerConfig } from '../config';
import { isSameText } from '../same-text';
import type { Env } from '../services';

export const CSRF_HEADER = 'he300-csrf';

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

export function defendFromCsrf(config: Pick<ServerConfig, 'publicUrl'>): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { kind } = c.get('actor');
    if (!SAFE.includes(c.req.method) && kind !== 'token') {
      if (!isFromOwnPage(c, config.publicUrl))
        throw new HTTPException(403, { message: 'another site asked for this change' });
      if (kind === 'session' && !hasToken(c))
        throw new HTTPException(403, { message: `${CSRF_HEADER} is missing or wrong; load the page again` });
    }
    await next();
  };
}

/** True for whatever is no browser: it sends neither header, and has no cookie that it does not know of. */
function isFromOwnPage(c: Context<Env>, publicUrl: string | undefined): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  return publicUrl === undefined
    ? new URL(origin).host === c.req.header('host')
    : new URL(origin).origin === new URL(publicUrl).origin;
}

function hasToken(c: Context<Env>): boolean {
  const expected = c.get('csrfToken') ?? '';
  return expected !== '' && isSameText(c.req.header(CSRF_HEADER) ?? '', expected);
}
