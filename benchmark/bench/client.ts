/**
 * What a client costs: the same streamed requests by the runner (with scoring, timing and its log), by the HTTP client
 * below it, by other load generators and evaluation programs, and by wrk as the limit, each on one core, against an echo
 * server on another (`npm run bench:client [-- --only he300,wrk]`).
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ToolMissing } from '../../ops/lib/tool';
import { aiperf } from './client/aiperf';
import { type Client, type Installed, scratch } from './client/client';
import { pinned } from './client/cores';
import { type Echo, type Served, startEcho } from './client/echo';
import { guidellm } from './client/guidellm';
import { he300 } from './client/he300';
import { inspectAi } from './client/inspect-ai';
import { locust } from './client/locust';
import { type Cost, costOf } from './client/measure';
import { promptfoo } from './client/promptfoo';
import { printRow } from './client/table';
import { undici } from './client/undici';
import { TOKENS } from './client/work';
import { wrk } from './client/wrk';

const CLIENTS = [he300, undici, wrk, locust, promptfoo, aiperf, guidellm, inspectAi];

/** A run takes about so long, however slow the client is. */
const SECONDS = 4;
const TOKEN_MS = 20;
/** Of all that are in flight, at that pace: enough for a 99th percentile that is not the first turn's. */
const MOST_TURNS = 30;

type Ready = Client & Installed;
type Measured = Cost & Served & { readonly p99Ms: number | undefined };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const names = CLIENTS.map(({ name }) => name);
  const only = values.only?.split(',') ?? names;
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.error(`--only: ${unknown}; allowed: ${names.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  if (!pinned) console.log('taskset is not on PATH: client and server are not kept on cores of their own');

  const ready = CLIENTS.filter(({ name }) => only.includes(name)).flatMap(installed);
  try {
    await atFullSpeed(ready);
    await atPace(ready);
  } finally {
    rmSync(scratch('.'), { recursive: true });
  }
}

function installed(client: Client): Ready[] {
  try {
    return [{ ...client, ...client.install() }];
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    console.log(`${client.name} skipped: ${error.message}`);
    return [];
  }
}

/** How much a request costs, and how many a second there are. */
async function atFullSpeed(clients: readonly Ready[]): Promise<void> {
  const echo = await startEcho(0);
  console.log(`\n${TOKENS.length} tokens at once`);
  printRow('client', 'in flight', 'CPU s per 1,000', 'times ours', 'requests/s', 'of wrk', 'memory MiB');
  const startUp = new Map<string, number>();
  for (const inFlight of [64, 256]) {
    const rows: (Measured & { readonly name: string; readonly cost: number })[] = [];
    for (const client of clients) {
      const start = startUp.get(client.name) ?? (await measured(client, 10, 10, echo))?.cpuSeconds;
      const whole = await measured(
        client,
        Math.max(2 * inFlight, SECONDS * client.roughRate),
        inFlight,
        echo,
      );
      if (start === undefined || !whole) continue;
      startUp.set(client.name, start);
      rows.push({
        name: client.name,
        ...whole,
        cost: ((whole.cpuSeconds - start) / (whole.answers - 10)) * 1000,
      });
    }
    const rateOf = ({ answers, seconds }: Served): number => answers / seconds;
    const [ofOurs, limit] = ['he300', 'wrk'].map((wanted) => rows.find(({ name }) => name === wanted));
    for (const row of rows)
      printRow(
        row.name,
        String(inFlight),
        row.cost.toFixed(3),
        ofOurs ? (row.cost / ofOurs.cost).toFixed(2) : '-',
        rateOf(row).toFixed(0),
        limit ? (rateOf(row) / rateOf(limit)).toFixed(2) : '-',
        row.memoryMib.toFixed(0),
      );
  }
  await echo.end();
}

/** Whether as many are in flight as were asked for, and how late the answers seem. */
async function atPace(clients: readonly Ready[]): Promise<void> {
  const echo = await startEcho(TOKEN_MS);
  console.log(`\n${TOKENS.length} tokens at ${TOKEN_MS} ms each`);
  printRow('client', 'asked', 'really in flight', 'p99 added, ms', 'memory MiB');
  for (const inFlight of [64, 256, 1024]) {
    for (const client of clients) {
      // Those that make a hundred a second would take minutes over a thousand in flight.
      if (inFlight > 256 && client.roughRate < 1000) continue;
      const turns = Math.min(MOST_TURNS, Math.max(1, (SECONDS * client.roughRate) / inFlight));
      const run = await measured(client, Math.ceil(turns * inFlight), inFlight, echo);
      if (!run) continue;
      const added = run.p99Ms === undefined ? '-' : (run.p99Ms - TOKENS.length * TOKEN_MS).toFixed(1);
      printRow(client.name, String(inFlight), String(run.mostInFlight), added, run.memoryMib.toFixed(0));
    }
  }
  await echo.end();
}

let runs = 0;

/** Undefined when the client failed, which is told. */
async function measured(
  client: Ready,
  requests: number,
  inFlight: number,
  echo: Echo,
): Promise<Measured | undefined> {
  const dir = scratch(`run-${runs++}`);
  try {
    await echo.served();
    const cost = await costOf(client.command({ requests, inFlight, url: echo.url, dir }), dir);
    return { ...cost, ...(await echo.served()), p99Ms: client.p99Ms(cost.stdout, dir) };
  } catch (error) {
    console.log(`${client.name}, ${inFlight} in flight: ${(error as Error).message}`);
    return undefined;
  }
}

void main();
