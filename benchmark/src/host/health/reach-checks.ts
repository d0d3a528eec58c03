/** What the host reaches: its model server, the other end of the tunnel, and clocks. */
import { TUNNEL_INTERFACE, type HostConfig } from '../../contract/host-config';
import type { Run } from '../commands';
import { messageOf } from '../log/host-log';
import { WgInterface } from '../tunnel/wg-interface';
import { ServerClock } from '../report/server-clock';
import { above, worstOf, type Finding } from './check';

const TIME_LIMIT_MS = 5_000;

/** @param url of the list of its models; null where the server is in the runner */
export async function modelServerCheck(url: string | null): Promise<Finding> {
  const finding = (up: boolean, message: string): Finding => ({
    check: 'model-server',
    status: up ? 'ok' : 'fail',
    message,
    gauges: [{ name: 'model_server_up', help: 'Whether the model server answers.', value: up ? 1 : 0 }],
  });
  if (url === null) return { ...finding(true, 'in the runner itself'), gauges: [] };
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(TIME_LIMIT_MS) });
    // One that asks for a key is there too.
    return finding(status < 500, `HTTP ${status}`);
  } catch (error) {
    return finding(false, messageOf(error));
  }
}

/** A handshake is made anew every two minutes while there is traffic, and a keepalive is traffic. */
const HANDSHAKE_SECONDS = { warn: 180, fail: 600 };

/** Undefined where there is no tunnel. */
export async function tunnelCheck(
  run: Run,
  { network, topology }: Pick<HostConfig, 'network' | 'topology'>,
  now: () => number = Date.now,
): Promise<Finding | undefined> {
  if (network.kind !== 'wireguard') return undefined;
  // On a host that has runner and model server, those at the other end only look on.
  const isNeeded = topology !== 'onboard';
  try {
    const wg = new WgInterface({ name: TUNNEL_INTERFACE, run, directory: '' });
    const ages = [...(await wg.handshakes())].map(([peer, at]) => ({
      peer,
      seconds: at === null ? Number.POSITIVE_INFINITY : (now() - at.getTime()) / 1000,
    }));
    const statuses = ages.map(({ seconds }) => ({ status: above(seconds, HANDSHAKE_SECONDS) }));
    const worst = worstOf(ages.length === 0 ? [{ status: 'fail' }] : statuses);
    const heard = ages.map(({ seconds }) =>
      Number.isFinite(seconds) ? `${Math.round(seconds)} s ago` : 'never',
    );
    return {
      check: 'tunnel',
      status: worst === 'fail' && !isNeeded ? 'warn' : worst,
      message: ages.length === 0 ? 'no peer is known' : `last handshakes: ${heard.join(', ')}`,
      gauges: ages
        .filter(({ seconds }) => Number.isFinite(seconds))
        .map(({ peer, seconds }) => ({
          name: 'tunnel_handshake_age_seconds',
          help: 'Time since the peer last proved who it is.',
          value: seconds,
          labels: { peer },
        })),
    };
  } catch (error) {
    return { check: 'tunnel', status: 'fail', message: messageOf(error), gauges: [] };
  }
}

/** @param url of a server whose clock is right */
export async function clockCheck(url: string): Promise<Finding> {
  const clock = new ServerClock();
  const sentMs = Date.now();
  try {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const { headers } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
    clock.observe(headers.get('date'), sentMs, Date.now());
    const seconds = -clock.skewSeconds;
    return {
      check: 'clock',
      status: above(Math.abs(seconds), { warn: 5, fail: 120 }),
      message:
        seconds === 0
          ? 'as that of the server'
          : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`,
      gauges: [{ name: 'clock_ahead_seconds', help: 'How far the clock is ahead.', value: seconds }],
    };
  } catch (error) {
    return { check: 'clock', status: 'warn', message: `not known: ${messageOf(error)}`, gauges: [] };
  }
}
