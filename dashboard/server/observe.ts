/** Measures each request, and logs those that changed something or failed. */
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Env, Services } from './services';

export function observe({ metrics, log }: Services): MiddlewareHandler<Env> {
  return async (c, next) => {
    const started = performance.now();
    await next();
    const seconds = (performance.now() - started) / 1000;
    const { method, path } = c.req;
    const { status } = c.res;
    // The pattern, not the address: a label for each run would be a time series for each run.
    const route = matchedRoutes(c).findLast((one) => !one.path.endsWith('*'))?.path ?? '*';
    metrics.requestSeconds.observe({ method, route, status: String(status) }, seconds);
    if (status < 400 && (method === 'GET' || method === 'HEAD')) return;
    const actor = c.get('actor')?.name ?? 'unknown';
    const fields = { method, path, status, milliseconds: Math.round(seconds * 1000), actor };
    if (status >= 500) log.error('request', fields);
    else log.info('request', fields);
  };
}
