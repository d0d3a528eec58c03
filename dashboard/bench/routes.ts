/** Every route that a page uses, as a multiple of `SELECT 1` through the same server, and the memory that it took. */
import { readFileSync } from 'node:fs';
import type { Filled, Sizes } from './filled-server';
import { atMost, figure, heading, ms, times } from './goals';
import { pageRequests, SELECT_ONE } from './page-requests';
import { inTurn, median, p95 } from './requests';

const MOST_TIMES = 20;
const MOST_MB = 250;

export async function routes(name: string, { server }: Filled, { runs, rounds }: Sizes): Promise<void> {
  const { url, token } = server;
  heading(`${name}: each route, p95 as a multiple of that of a bare SELECT 1 (${SELECT_ONE})`);
  const requests = pageRequests(url, runs, token);
  const taken = await inTurn<string>({ ...requests, [SELECT_ONE]: { url: `${url}${SELECT_ONE}` } }, rounds);
  const bare = p95(taken[SELECT_ONE]!);
  figure('SELECT 1, p95 (median)', `${ms(bare)} (${ms(median(taken[SELECT_ONE]!))})`);
  for (const route of Object.keys(requests)) {
    const all = taken[route]!;
    const ratio = p95(all) / bare;
    figure(`${route}: ${ms(p95(all))} (${ms(median(all))})`, times(ratio), atMost(ratio, MOST_TIMES));
  }
  const megabytes = residentBytes(server.pid) / 1e6;
  figure('memory of the server, resident', `${megabytes.toFixed(0)} MB`, atMost(megabytes, MOST_MB));
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function residentBytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
