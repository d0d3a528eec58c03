/** Where a request comes from, for the limit of requests. */
import type { Context } from 'hono';
import { isIPv6 } from 'node:net';

/** What `@hono/node-server` hands on; absent when an app is called without a socket. */
interface Bindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } };
}

/**
 * The sender’s address; of IPv6 the first 64 bits, because one sender has them all. Each trusted proxy adds to
 * X-Forwarded-For the address that it sees, so that only as many entries from the right can be believed.
 */
export function addressOf(c: Context, trustedProxies: number): string {
  const socket = (c.env as Bindings | undefined)?.incoming?.socket?.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return network(socket);
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  return network(forwarded.at(-trustedProxies) || socket);
}

function network(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address.replace(/^::ffff:/i, '');
  const [head = '', tail = ''] = address.split('%')[0]!.split('::');
  const [left, right] = [head.split(':').filter(Boolean), tail.split(':').filter(Boolean)];
  const zeros = address.includes('::') ? 8 - left.length - right.length : 0;
  const groups = [...left, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...right];
  const first = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${first.join(':')}::/64`;
}
