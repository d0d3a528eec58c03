/** Before every route: who asks, and whether that sender asks too often. */
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { EVENTS_PATH } from '@he300/benchmark/contract';
import { ANONYMOUS, type Actor, type Env, type Services } from '../services';
import { sessionOf } from '../store/sessions';
import { tokenOfSecret } from '../store/tokens';
import { addressOf } from './address';
import { RateLimit } from './rate-limit';
import { readSessionCookie } from './session-cookie';

/** All hosts of a site may share one address, and each speaks every few seconds. */
const HOSTS_BEHIND_AN_ADDRESS = 10;

/** Asked by load balancers, which must not be told to come again later. */
const UNLIMITED = ['/healthz', '/readyz'];

export function admit({ store, config, now }: Services): MiddlewareHandler<Env> {
  const limit = new RateLimit(config.requestsPerMinute);
  const hostLimit = new RateLimit(config.requestsPerMinute * HOSTS_BEHIND_AN_ADDRESS);

  return async (c, next) => {
    const actor = await actorOf(c);
    if (!UNLIMITED.includes(c.req.path)) {
      const known = actor !== undefined && actor.role !== null;
      const sender = known ? `token ${actor.name}` : `address ${addressOf(c, config.trustedProxies)}`;
      const seconds = (c.req.path === EVENTS_PATH ? hostLimit : limit).take(sender, now().getTime());
      if (seconds > 0) {
        const headers = { 'retry-after': String(seconds) };
        return c.json({ error: `too many requests; come again in ${seconds} s` }, 429, headers);
      }
    }
    if (!actor) throw new HTTPException(401, { message: 'the token is not known, or no longer valid' });
    c.set('actor', actor);
    return next();
  };

  /** Undefined: a token was shown that is not valid. A session that has ended is nobody's, so that the page can sign in. */
  async function actorOf(c: Context<Env>): Promise<Actor | undefined> {
    const [, secret] = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (secret !== undefined) {
      const token = await tokenOfSecret(store.db, secret, now());
      return token && { kind: 'token', name: token.name, role: token.role, environment: token.environment };
    }
    const id = readSessionCookie(c, config);
    const session = id === undefined ? undefined : await sessionOf(store.db, id, now());
    if (!session) return ANONYMOUS;
    c.set('csrfToken', session.csrfToken);
    return { kind: 'session', name: session.name, role: session.role, environment: session.environment };
  }
}
