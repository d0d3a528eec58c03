/** A judge model for tests: an OpenAI-compatible server whose replies are a function of the answer that it is given. */
import { completion, serve, type Handler, type TestServer } from '../engines/engine-doubles';

export interface JudgeDoubleOptions {
  /** @default - the first of the two words that stands in the answer, else NEITHER */
  readonly reply?: (answer: string, words: readonly string[]) => string;
  /** Answers in the server's place when it returns true. */
  readonly interfere?: (index: number, ...args: Parameters<Handler>) => boolean;
}

export interface JudgeDouble extends TestServer {
  /** Answers that it was given, in their order. */
  readonly answers: string[];
  /** Most requests that were in flight at once. */
  most(): number;
}

export async function judgeDouble({
  reply = firstWord,
  interfere,
}: JudgeDoubleOptions = {}): Promise<JudgeDouble> {
  const answers: string[] = [];
  let [index, inFlight, most] = [0, 0, 0];
  const server = await serve((request, response, body) => {
    if (request.method === 'GET') {
      response.writeHead(request.url === '/v1/models' ? 200 : 404);
      response.end(JSON.stringify({ data: [{ id: 'reader' }] }));
      return;
    }
    const { messages } = JSON.parse(body) as { messages: { content: string }[] };
    const [, zero, one, answer] =
      /^The two words: ([A-Z]+) and ([A-Z]+)\.\n=====\n(.*)\n=====\n/s.exec(messages[1]!.content) ?? [];
    answers.push(answer!);
    if (interfere?.(index++, request, response, body)) return;
    most = Math.max(most, ++inFlight);
    // Long enough that the others arrive meanwhile.
    setTimeout(() => {
      inFlight--;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(completion(reply(answer!, [zero!, one!])).join(''));
    }, 2);
  });
  return { ...server, url: new URL('/v1', server.url), answers, most: () => most };
}

function firstWord(answer: string, words: readonly string[]): string {
  return answer.split(/[^A-Z]+/).find((word) => words.includes(word)) ?? 'NEITHER';
}
