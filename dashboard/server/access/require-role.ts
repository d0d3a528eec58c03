/** Who may call a route. The same word guards it and stands in the OpenAPI document, so that the two cannot differ. */
import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { ROLES, type Role } from '../../api/access';
import type { Actor, Env } from '../services';

/** `public`: anybody, signed in or not. */
export type RouteRole = Role | 'public';

/** For `createRoute`: guards the route, and says in the document who may call it. */
export function roleOf<R extends RouteRole>(role: R, { publicRead }: { readonly publicRead: boolean }) {
  const anonymous = role === 'public' || (role === 'viewer' && publicRead);
  const signedIn = role === 'public' ? [] : [{ token: [] }, { session: [] }];
  return {
    'x-he300-role': role,
    // OpenAPI says "or nothing" by an empty requirement.
    security: anonymous ? [...signedIn, {}] : signedIn,
    middleware: [requireRole(role, { publicRead })],
  };
}

/** @throws HTTPException 401 when nobody is signed in, 403 when the role is too small */
export function requireRole(
  role: RouteRole,
  { publicRead }: { readonly publicRead: boolean },
): MiddlewareHandler<Env> {
  return async (c, next) => {
    const actor = c.get('actor');
    if (!mayAct(actor, role, publicRead)) {
      if (actor.role === null)
        throw new HTTPException(401, { message: 'not signed in; send a token, or sign in' });
      throw new HTTPException(403, {
        message: `role ${actor.role} may not do this; allowed: ${rolesFrom(role)}`,
      });
    }
    await next();
  };
}

export function mayAct({ role: has }: Actor, role: RouteRole, publicRead: boolean): boolean {
  if (role === 'public' || (role === 'viewer' && publicRead)) return true;
  return has !== null && ROLES.indexOf(has) >= ROLES.indexOf(role);
}

const rolesFrom = (role: RouteRole): string =>
  role === 'public' ? ROLES.join(', ') : ROLES.slice(ROLES.indexOf(role)).join(', ');
