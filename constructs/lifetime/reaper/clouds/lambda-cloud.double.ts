/**
 * A Lambda Cloud of our own for tests. It takes only requests that the vendor's OpenAPI document allows and gives only
 * answers that the document describes; what breaks the document, on either side, stands in `faults`.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { faultsOf, jsonSchemaOf, type OpenApi } from './openapi.double';

export const API_KEY = 'secret_he300_test';

export interface Instance {
  readonly id: string;
  status: string;
  readonly [field: string]: unknown;
}

/** An instance as the document requires it. */
export function instance(id: string, tags: Readonly<Record<string, string>>, status = 'active'): Instance {
  const action = { available: true };
  return {
    id,
    status,
    ssh_key_names: [],
    file_system_names: [],
    region: { name: 'us-west-1', description: 'California, USA' },
    instance_type: {
      name: 'gpu_1x_a10',
      description: '1x A10 (24 GB PCIe)',
      gpu_description: 'A10 (24 GB PCIe)',
      price_cents_per_hour: 75,
      specs: { vcpus: 30, memory_gib: 200, storage_gib: 1400, gpus: 1 },
    },
    actions: { migrate: action, rebuild: action, restart: action, cold_reboot: action, terminate: action },
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  };
}

export class LambdaCloudDouble {
  readonly instances: Instance[] = [];
  readonly faults: string[] = [];
  readonly requests: string[] = [];
  /** Answers given before the real one: an HTTP status, or `hang up`. */
  readonly trouble: (number | 'hang up')[] = [];
  /** Whether a request that ends in trouble took effect all the same. */
  troubleTakesEffect = false;
  private server!: Server;

  private constructor(private readonly api: OpenApi) {}

  static async start(dataPath: string): Promise<LambdaCloudDouble> {
    const document = readFileSync(join(dataPath, 'lambda-cloud-openapi-1.10.0.json'), 'utf8');
    const double = new LambdaCloudDouble(JSON.parse(document) as OpenApi);
    double.server = createServer((request, response) => void double.answer(request, response));
    await new Promise<void>((listening) => double.server.listen(0, '127.0.0.1', listening));
    return double;
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

    const trouble = this.trouble.shift();
    if (trouble === undefined) return this.send(response, what, ...this.act(what, request, body));
    if (this.troubleTakesEffect) this.act(what, request, body);
    if (trouble === 'hang up') return void response.destroy();
    response
      .writeHead(trouble)
      .end(JSON.stringify({ error: { code: 'provider/internal-unavailable', message: 'try again' } }));
  }

  private act(what: string, request: IncomingMessage, body: unknown): [status: number, content: unknown] {
    const operation = this.operation(what);
    if (!operation) return [404, undefined];
    const schema = jsonSchemaOf(operation.requestBody);
    if (schema) this.faults.push(...faultsOf(this.api, schema, body, 'request'));
    if (request.headers.authorization !== `Bearer ${API_KEY}`) {
      return [
        401,
        {
          error: {
            code: 'global/invalid-api-key',
            message: 'API key was invalid, expired, or deleted.',
            suggestion: 'Check your API key.',
          },
        },
      ];
    }
    if (what === 'GET /api/v1/instances') return [200, { data: this.instances }];
    return this.terminate((body as { instance_ids: string[] }).instance_ids);
  }

  private terminate(ids: readonly string[]): [status: number, content: unknown] {
    const ended = this.instances.filter(({ id, status }) => ids.includes(id) && status !== 'terminated');
    if (ended.length < ids.length)
      return [
        404,
        { error: { code: 'global/object-does-not-exist', message: 'Specified instance does not exist.' } },
      ];
    for (const one of ended) one.status = 'terminated';
    return [200, { data: { terminated_instances: ended } }];
  }

  private operation(what: string) {
    const [method = '', path = ''] = what.split(' ');
    const operation = this.api.paths[path]?.[method.toLowerCase()];
    if (!operation) this.faults.push(`${what}: no such operation`);
    return operation;
  }

  private send(response: ServerResponse, what: string, status: number, content: unknown): void {
    const schema = jsonSchemaOf(this.operation(what)?.responses[String(status)]);
    this.faults.push(
      ...(schema
        ? faultsOf(this.api, schema, content, `${what} ${status}`)
        : [`${what}: no answer ${status}`]),
    );
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  }
}
