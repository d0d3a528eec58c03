/**
 * A server that only this machine can reach is asked by its loopback name or address. Another name in `Host` is a site whose
 * name was made to point here (DNS rebinding), so that its scripts may read what they should not.
 */
import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { isLoopback, type ServerConfig } from '../config';
import type { Env } from '../services';

export function demandKnownHost({
  host,
  publicUrl,
}: Pick<ServerConfig, 'host' | 'publicUrl'>): MiddlewareHandler<Env> {
  const published = publicUrl === undefined ? undefined : new URL(publicUrl).host;
  return async (c, next) => {
    const asked = c.req.header('host') ?? '';
    const known = !isLoopback(host) || asked === published || isLoopback(nameOf(asked));
    if (!known)
      throw new HTTPException(421, {
        message: `this server is not ${JSON.stringify(asked)}; behind a proxy, set HE300_PUBLIC_URL`,
      });
    await next();
  };
}

/** Without the port, and without the brackets of IPv6. Tests call the app without a socket, and so without a host. */
const nameOf = (host: string): string =>
  host === '' ? 'localhost' : host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
