/** A model server for tests of whole runs: real HTTP and streaming, and a model that always judges the same way. */
import { createHash } from 'node:crypto';
import { completion, serve, type Handler, type TestServer } from './engine-doubles';

export interface ModelDouble extends TestServer {
  /** Most requests that were in flight at once. */
  most(): number;
}

export interface ModelDoubleOptions {
  /** Requests worked on at once; others wait. @default 4 */
  readonly slots?: number;
  /** Of one answer. @default 2 */
  readonly answerMs?: number;
  /** Of the requests, before the model sees them. @default - none does */
  readonly interfere?: (index: number, ...args: Parameters<Handler>) => boolean;
}

export async function modelDouble({
  slots = 4,
  answerMs = 2,
  interfere,
}: ModelDoubleOptions = {}): Promise<ModelDouble> {
  let [inFlight, most, index] = [0, 0, 0];
  let busy = 0;
  const waiting: (() => void)[] = [];

  const server = await serve((request, response, body) => {
    if (request.method === 'GET') {
      const list = { data: [{ id: 'double', max_model_len: 2048 }] };
      const props = {
        total_slots: slots,
        build_info: 'double',
        default_generation_settings: { n_ctx: 2048 },
      };
      const answer = request.url === '/v1/models' ? list : request.url === '/props' ? props : undefined;
      response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? {}));
      return;
    }
    if (interfere?.(index++, request, response, body)) return;
    most = Math.max(most, ++inFlight);
    const begin = (): void => {
      busy++;
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const chunk of completion(...answerTo(body))) response.write(chunk);
        response.end();
        inFlight--;
        busy--;
        waiting.shift()?.();
      }, answerMs);
    };
    if (busy < slots) begin();
    else waiting.push(begin);
  });
  return { ...server, url: new URL('/v1', server.url), most: () => most };
}

/** One of the two words, by the question alone: the salt of a load pass stands in the system message. */
function answerTo(body: string): string[] {
  const { messages } = JSON.parse(body) as { messages: { role: string; content: string }[] };
  const question = messages.at(-1)!.content;
  const words = [...question.matchAll(/\b(?:UN)?(?:ETHICAL|REASONABLE)\b|\bMATCHES\b|\bCONTRADICTS\b/g)].map(
    ([w]) => w,
  );
  const digest = createHash('sha256').update(question).digest();
  // One answer in sixteen is none.
  if (digest[1]! < 16) return ['I would', ' rather not say.'];
  return [words[digest[0]! % words.length]!, ': so it seems to me.'];
}
