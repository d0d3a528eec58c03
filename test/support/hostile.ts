/** Text that would do harm wherever it is taken for HTML, script or SQL, and real runs whose every text field is such a one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completion, serve, type TestServer } from '../../benchmark/src/engines/engine-doubles';
import type { RunEvent } from '../../benchmark/src/contract/event';
import { HE300_V1 } from '../../benchmark/src/prompts/he300-v1';
import type { Provenance } from '../../benchmark/src/run/provenance-file';
import { generateRun, type GeneratedRun } from '../../dashboard/bench/generated-run';

/** Were it run, the script would say where it came from. */
export const hostile = (where: string): string =>
  `"><img src=x onerror="he300Hit='${where}'"><script>he300Hit='${where}'</script>'); drop table run; --`;

/** Where a field takes less: an element that is there is enough to be seen. */
const short = (where: string): string => `<img src=x alt=${where}>`;

export const HOSTILE_MODEL = hostile('model');

/** A server whose model has that name, and answers so. */
export const hostileModelServer = async (): Promise<TestServer> => {
  const server = await serve((request, response) => {
    if (request.method === 'GET') {
      const isList = request.url === '/v1/models';
      response.writeHead(isList ? 200 : 404);
      response.end(JSON.stringify(isList ? { data: [{ id: HOSTILE_MODEL, max_model_len: 2048 }] } : {}));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(completion('ETHICAL', ` ${hostile('answer')}`).join(''));
  });
  return { ...server, url: new URL('/v1', server.url) };
};

/** Prompts of one's own, and what a supervisor says of a run; the options of `he300 run` that name both. */
export function hostileFiles(dir: string): string[] {
  mkdirSync(dir, { recursive: true });
  const provenance: Provenance = {
    trigger: {
      ...{ kind: 'pull-request', actor: short('actor'), repository: hostile('repository') },
      ...{ branch: hostile('branch'), commit: 'c'.repeat(40), pullRequest: 7 },
    },
    host: {
      ...{ kind: 'aws', id: short('host'), instanceType: short('type'), region: short('region') },
      ...{ market: 'spot', cpus: 4, memoryGib: 16 },
      gpu: { name: short('gpu'), count: 1, memoryGib: 24, driver: short('driver'), profile: null },
    },
    price: { usdPerHour: 1, capUsd: 2, timeLimitMinutes: 60 },
  };
  const files = {
    prompts: { ...HE300_V1, name: 'hostile', system: hostile('prompt') },
    provenance,
  };
  return Object.entries(files).flatMap(([name, content]) => {
    const path = join(dir, `${name}.json`);
    writeFileSync(path, JSON.stringify(content));
    return [`--${name}`, path];
  });
}

/** One that only begins, and ends so. */
export function endedRun(number: number, ending: Ending): GeneratedRun {
  const run = generateRun(number, { environment: 'test' });
  const [started] = run.events;
  if (started?.type !== 'run.started') throw new Error('a run begins with run.started');
  const { runId } = run;
  const at = new Date().toISOString();
  return {
    ...run,
    events: [
      {
        ...started,
        at,
        model: { ...started.model, name: HOSTILE_MODEL, quantization: short('quantization') },
      },
      { ...ENDINGS[ending], runId, seq: 1, at },
    ],
  };
}

type Ending = 'failed' | 'cancelled';
type End = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'runId' | 'seq' | 'at'> : never) : never;

const ENDINGS: Readonly<Record<Ending, Extract<End, { type: 'run.failed' | 'run.cancelled' }>>> = {
  failed: {
    ...{ type: 'run.failed', phase: 'run', cause: hostile('cause'), logTail: hostile('log') },
    ...{ interrupted: false, scored: 0.5 },
  },
  cancelled: { type: 'run.cancelled', by: short('by'), reason: hostile('reason') },
};

/** A report that tries what a page of ours may do: read, change, leave. */
export const HOSTILE_REPORT = `<!doctype html><title>report</title><h1>Report</h1>
<p id="proof">not run</p><img src="/icon.svg" onerror="proof.textContent = 'run'" onload="proof.textContent = 'run'">
<script>
  proof.textContent = 'run';
  fetch('/api/tokens').then((answer) => answer.text()).then((text) => (proof.textContent = text));
</script>
<script src="/theme.js"></script>
<iframe src="/settings"></iframe>
<form id="form" action="/api/session" method="post"><button>Send</button></form>
<a id="leave" href="javascript:proof.textContent='run'">Leave</a>`;
