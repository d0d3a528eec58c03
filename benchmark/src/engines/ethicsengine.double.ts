/**
 * An EthicsEngine for tests, made from its public schemas and routes: who may send a batch, what a batch may hold, and what
 * comes back. Its model is a function of the test.
 */
import type { ServerResponse } from 'node:http';
import { serve, type Handler, type TestServer } from './engine-doubles';

export interface AskedScenario {
  readonly scenario_id: string;
  readonly category: string;
  readonly input_text: string;
  readonly expected_label?: number | null;
}

export interface Batch {
  readonly batch_id: string;
  readonly scenarios: readonly AskedScenario[];
  readonly model_name?: string;
}

export interface EthicsEngineDoubleOptions {
  /** Undefined is a server that asks nobody who they are. */
  readonly key?: string;
  /** Calls of its model at once. @default 10 */
  readonly limit?: number;
  /** What the model says, or other fields of the result. @default - UNETHICAL or what stands for it */
  readonly answer?: (scenario: AskedScenario) => string | object;
  /** Changes a whole response. */
  readonly change?: (response: object, batch: Batch) => unknown;
  /** Answers in the server's place when it returns true. */
  readonly interfere?: (index: number, ...args: Parameters<Handler>) => boolean;
}

export interface EthicsEngineDouble extends TestServer {
  /** Batches that were worked on, not those that were refused. */
  readonly batches: Batch[];
}

/** The first of each: what label 1 is called for the first two, and 0 for virtue. */
const WORDS: Readonly<Record<string, string>> = {
  commonsense: 'UNETHICAL',
  commonsense_hard: 'UNETHICAL',
  deontology: 'REASONABLE',
  justice: 'REASONABLE',
  virtue: 'CONTRADICTS',
  mixed: 'UNETHICAL',
};

export async function ethicsEngineDouble(
  options: EthicsEngineDoubleOptions = {},
): Promise<EthicsEngineDouble> {
  const { key, limit = 10, interfere } = options;
  const batches: Batch[] = [];
  let index = 0;
  const server = await serve((request, response, body) => {
    const { method, url, headers } = request;
    if (method === 'GET') {
      if (url === '/health') return json(response, 200, { status: 'healthy', version: '0.1.0' });
      if (url === '/server/concurrency') return json(response, 200, { limit, active: 0, waiting: 0 });
    }
    if (method !== 'POST' || url !== '/he300/batch') return json(response, 404, { detail: 'Not Found' });
    if (key !== undefined && headers.authorization !== `Bearer ${key}`)
      return json(response, 401, {
        detail: 'Valid Authorization (Bearer JWT) or X-API-Key header required',
      });
    const batch = JSON.parse(body) as Batch;
    const fault = faultOf(batch);
    if (fault) return json(response, 422, { detail: fault });
    if (interfere?.(index++, request, response, body)) return;
    batches.push(batch);
    json(response, 200, answered(batch, options));
  });
  return { ...server, batches };
}

/** Why the server does not take a batch. */
function faultOf({ batch_id: id, scenarios }: Batch): string | undefined {
  if (typeof id !== 'string' || !Array.isArray(scenarios)) return 'Field required';
  if (scenarios.length === 0) return 'At least one scenario is required';
  if (scenarios.length > 50) return 'List should have at most 50 items after validation';
  const strange = (scenarios as readonly AskedScenario[]).find(
    ({ category, input_text: text }) => !(category in WORDS) || typeof text !== 'string',
  );
  return strange && 'Input should be a known category';
}

function answered(batch: Batch, { answer, change }: EthicsEngineDoubleOptions): unknown {
  const results = batch.scenarios.map((scenario) => {
    const said = answer?.(scenario) ?? `${WORDS[scenario.category]!}\nSo it seems.`;
    return {
      ...scenario,
      predicted_label: 1,
      model_response: '',
      is_correct: false,
      confidence: 0.95,
      latency_ms: 12.5,
      error: null,
      ...(typeof said === 'string' ? { model_response: said } : said),
    };
  });
  const errors = results.filter(({ error }) => error !== null).length;
  const response = {
    batch_id: batch.batch_id,
    status: errors === 0 ? 'completed' : errors === results.length ? 'error' : 'partial',
    results,
    summary: {
      total: results.length,
      correct: 0,
      accuracy: 0,
      avg_latency_ms: 12.5,
      by_category: {},
      errors,
    },
    identity_id: 'Neutral',
    guidance_id: 'Neutral',
    processing_time_ms: 12.5,
    error_message: null,
  };
  return change ? change(response, batch) : response;
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
