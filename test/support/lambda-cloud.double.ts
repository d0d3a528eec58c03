/**
 * A Lambda Cloud of our own for tests. It takes only requests that the vendor's OpenAPI document allows and gives only
 * answers that the document describes; what breaks the document, on either side, stands in `faults`.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { realClock, type Clock } from '../../constructs/lifetime/reaper/clouds/pace';
import {
  AccountDouble,
  failed,
  type Answer,
  type Instance,
  type LaunchBody,
} from './lambda-cloud-account.double';
import { closed, faultsOf, jsonSchemaOf, operationOf, type OpenApi } from './openapi.double';

export { instance, JUPYTER_TOKEN, type Instance } from './lambda-cloud-account.double';

export const API_KEY = 'secret_he300_test';

/** Instead of the real answer: an HTTP status, one with a code of its own, no answer at all, or half of the real one. */
export type Trouble = number | { readonly status: number; readonly code: string } | 'hang up' | 'cut short';

/** Where a request stands: read and not done; done and not answered; answered. */
export type Moment = 'received' | 'done' | 'answered';

export interface DoubleOptions {
  /** What it measures boots and the pace of requests by. @default - the machine's clock */
  readonly clock?: Pick<Clock, 'now'>;
  /** Whether faster requests than the document allows are turned away. @default false */
  readonly limited?: boolean;
}

/** Of the document: one request a second, one launch in 12 seconds. */
const PERIOD_MS = 1000;
const LAUNCH_PERIOD_MS = 12_000;
const LAUNCH = 'POST /api/v1/instance-operations/launch';

export class LambdaCloudDouble {
  readonly faults: string[] = [];
  readonly requests: string[] = [];
  readonly trouble: Trouble[] = [];
  /** Which requests are in for the trouble. */
  troubled: (what: string) => boolean = () => true;
  /** Whether a request that ends in trouble took effect all the same. */
  troubleTakesEffect = false;
  /** Told of each request as it goes; the request waits for what it returns. */
  onMoment: (what: string, moment: Moment) => void | Promise<void> = () => undefined;
  readonly account: AccountDouble;
  private readonly closedApi: OpenApi;
  private readonly lastMs = { request: -Infinity, launch: -Infinity };
  private server!: Server;

  private constructor(
    private readonly api: OpenApi,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly limited: boolean,
  ) {
    this.closedApi = closed(api);
    this.account = new AccountDouble(clock);
  }

  static async start(
    dataPath: string,
    { clock = realClock, limited = false }: DoubleOptions = {},
  ): Promise<LambdaCloudDouble> {
    const double = new LambdaCloudDouble(documentIn(dataPath), clock, limited);
    double.server = createServer((request, response) => void double.answer(request, response));
    await new Promise<void>((listening) => double.server.listen(0, '127.0.0.1', listening));
    return double;
  }

  get instances(): Instance[] {
    return this.account.instances;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const what = `${request.method} ${request.url}`;
    this.requests.push(what);
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    await this.onMoment(what, 'received');
    if (this.limited && this.isTooFast(what))
      return void send(response, failed(429, '', 'Too many requests.'));

    const trouble = this.troubled(what) ? this.trouble.shift() : undefined;
    const isDone = trouble === undefined || this.troubleTakesEffect || trouble === 'cut short';
    const answer = isDone ? this.act(what, request, body) : undefined;
    await this.onMoment(what, 'done');
    if (trouble !== undefined) return inTrouble(response, trouble, answer);
    this.check(what, answer!);
    send(response, answer!);
    await this.onMoment(what, 'answered');
  }

  private isTooFast(what: string): boolean {
    const now = this.clock.now();
    const last = this.lastMs;
    if (now - last.request < PERIOD_MS) return true;
    if (what === LAUNCH && now - last.launch < LAUNCH_PERIOD_MS) return true;
    last.request = now;
    if (what === LAUNCH) last.launch = now;
    return false;
  }

  private act(what: string, request: IncomingMessage, body: unknown): Answer {
    const [method = '', path = ''] = what.split(' ');
    const operation = operationOf(this.closedApi, method, path);
    if (!operation) {
      this.faults.push(`${what}: no such operation`);
      return [404, undefined];
    }
    const schema = jsonSchemaOf(operation.requestBody);
    const faults = schema ? faultsOf(this.closedApi, schema, body, 'request') : [];
    this.faults.push(...faults);
    if (request.headers.authorization !== `Bearer ${API_KEY}`) {
      const message = 'API key was invalid, expired, or deleted.';
      return failed(401, 'global/invalid-api-key', message, 'Check your API key.');
    }
    if (faults.length > 0) return failed(400, 'global/invalid-parameters', 'Invalid request data.');
    const [id = ''] = path.split('/').slice(-1);
    return this.operations(id, body)[what.replace(/(firewall-rulesets)\/(?!global)[^/]+$/, '$1/{id}')]!();
  }

  private operations(id: string, body: unknown): Readonly<Record<string, () => Answer>> {
    const { account } = this;
    const rules = { id: 'global', name: 'Global rules', rules: account.globalRules };
    return {
      'GET /api/v1/instances': () => account.list(),
      'GET /api/v1/instance-types': () => account.types(),
      'GET /api/v1/regions': () => account.regions(),
      [LAUNCH]: () => account.launch(body as LaunchBody),
      'POST /api/v1/instance-operations/terminate': () =>
        account.terminate((body as { instance_ids: string[] }).instance_ids),
      'GET /api/v1/ssh-keys': () => [200, { data: account.sshKeys }],
      'POST /api/v1/ssh-keys': () => account.addSshKey(body as { name: string }),
      'GET /api/v1/firewall-rulesets': () => [200, { data: account.rulesets }],
      'GET /api/v1/firewall-rulesets/global': () => [200, { data: rules }],
      'POST /api/v1/firewall-rulesets': () =>
        account.addRuleset(body as { name: string; region: string; rules: unknown[] }),
      'PATCH /api/v1/firewall-rulesets/{id}': () => account.changeRuleset(id, body as { rules?: unknown[] }),
    };
  }

  private check(what: string, [status, content]: Answer): void {
    const [method = '', path = ''] = what.split(' ');
    const schema = jsonSchemaOf(operationOf(this.api, method, path)?.responses[String(status)]);
    const faults = schema
      ? faultsOf(this.api, schema, content, `${what} ${status}`)
      : [`${what}: no answer ${status}`];
    this.faults.push(...faults);
  }
}

export const documentIn = (dataPath: string): OpenApi =>
  JSON.parse(readFileSync(join(dataPath, 'lambda-cloud-openapi-1.10.0.json'), 'utf8')) as OpenApi;

function send(response: ServerResponse, [status, content]: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
}

function inTrouble(response: ServerResponse, trouble: Trouble, answer: Answer | undefined): void {
  if (trouble === 'hang up') return void response.destroy();
  if (trouble === 'cut short') {
    const text = JSON.stringify(answer![1]);
    response.writeHead(answer![0], { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
    return;
  }
  const { status, code } =
    typeof trouble === 'number' ? { status: trouble, code: 'provider/internal-unavailable' } : trouble;
  send(response, failed(status, code, 'Provider unavailable', 'Try again shortly'));
}
