/** What a browser may do with our answers (https://owasp.org/www-project-secure-headers). */
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { ServerConfig } from '../config';
import type { Env } from '../services';

const NONE = ["'none'"];
const SELF = ["'self'"];

/** Scripts only from our own files. Charts set inline styles, which no policy without a nonce for each can tell apart. */
const OF_THE_PAGE = {
  defaultSrc: SELF,
  scriptSrc: SELF,
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: NONE,
  baseUri: NONE,
  formAction: SELF,
  frameAncestors: NONE,
};

/** Answers of the API are no pages, but a run's report is one, and hosts wrote it: it is shown without scripts or an origin. */
const OF_THE_API = {
  defaultSrc: NONE,
  styleSrc: ["'unsafe-inline'"],
  imgSrc: ['data:'],
  baseUri: NONE,
  formAction: NONE,
  frameAncestors: NONE,
  sandbox: [],
};

export function secure({ publicUrl }: Pick<ServerConfig, 'publicUrl'>): MiddlewareHandler<Env> {
  const common = {
    // Said over http it would be ignored, and on a developer's localhost it would lock out every other port.
    strictTransportSecurity: publicUrl?.startsWith('https:') ? 'max-age=31536000' : false,
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
    // A route may be stricter.
    overwrite: false,
  };
  const ofPage = secureHeaders({ ...common, contentSecurityPolicy: OF_THE_PAGE });
  const ofApi = secureHeaders({ ...common, contentSecurityPolicy: OF_THE_API });
  return async (c, next) => {
    const isApi = c.req.path.startsWith('/api/');
    await (isApi ? ofApi : ofPage)(c, next);
    if (isApi && !c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
  };
}
