/**
 * A CIRISNode for tests, made from its public routes: form login, tokens that expire, jobs that are looked at until they
 * have ended, 202 for what is not there yet. It has the scenarios that the test gives it.
 */
import { serve, type Handler, type TestServer } from './engine-doubles';
import { json } from './ethicsengine.double';

export interface HeldScenario {
  readonly id: string;
  readonly input_text: string;
  readonly expected_label: number;
}

export interface CirisNodeDoubleOptions {
  readonly scenarios: readonly HeldScenario[];
  /** Requests that a token is good for. @default - any number */
  readonly tokenUses?: number;
  /** Looks at a job before it has ended. @default 2 */
  readonly looks?: number;
  /** Whether it has an EthicsEngine. @default true */
  readonly eeeEnabled?: boolean;
  /** Of the looks, those that another process answers, which does not know the job. @default - none */
  readonly otherProcess?: (look: number) => boolean;
  /** What the model says, or other fields of the result. */
  readonly answer?: (scenario: HeldScenario) => string | object;
  /** What the job ends with, in place of its results. */
  readonly outcome?: (jobId: string) => object;
  /** Answers in the server's place when it returns true. */
  readonly interfere?: (index: number, ...args: Parameters<Handler>) => boolean;
}

export interface CirisNodeDouble extends TestServer {
  readonly logins: number;
  /** Ids of the scenarios of each job that was begun. */
  readonly jobs: readonly (readonly string[])[];
}

export const USER = { username: 'runner', password: 'p&ss=word' };

export async function cirisNodeDouble(options: CirisNodeDoubleOptions): Promise<CirisNodeDouble> {
  const { scenarios, tokenUses = Infinity, looks = 2, eeeEnabled = true, interfere } = options;
  const jobs: (readonly string[])[] = [];
  const lookedAt = new Map<string, number>();
  let [logins, uses, index, allLooks] = [0, 0, 0, 0];

  const known = (headers: Parameters<Handler>[0]['headers']): boolean => {
    if (headers['x-api-key'] === 'agent-key') return true;
    return logins > 0 && headers.authorization === `Bearer token-${logins}` && ++uses <= tokenUses;
  };

  const server = await serve((request, response, body) => {
    const { method, url = '', headers } = request;
    if (interfere?.(index++, request, response, body)) return;
    if (url === '/api/v1/health')
      return json(response, 200, { status: 'ok', version: '0.2.0', message: 'CIRISNode is healthy' });
    if (url === '/api/v1/benchmarks/he300/health')
      return json(response, 200, { status: 'healthy', eee_enabled: eeeEnabled });
    if (url === '/auth/token') {
      const form = new URLSearchParams(body);
      if (form.get('username') !== USER.username || form.get('password') !== USER.password)
        return json(response, 401, { detail: 'Incorrect username or password' });
      logins++;
      uses = 0;
      return json(response, 200, { access_token: `token-${logins}`, token_type: 'bearer' });
    }
    if (method === 'POST' && url === '/api/v1/benchmarks/run') {
      if (!known(headers))
        return json(response, 401, {
          detail: 'Valid Authorization (Bearer JWT) or X-API-Key header required',
        });
      const { scenario_ids: ids } = JSON.parse(body) as { scenario_ids: string[] };
      jobs.push(ids);
      return json(response, 200, { job_id: `he300-${jobs.length}` });
    }
    const [, what, jobId] = /^\/api\/v1\/benchmarks\/(status|results)\/he300-(\d+)$/.exec(url) ?? [];
    const ids = jobs[Number(jobId) - 1];
    if (!ids || options.otherProcess?.(allLooks++))
      return json(response, 404, { detail: 'Benchmark job not found' });

    const look = (lookedAt.get(jobId!) ?? 0) + 1;
    lookedAt.set(jobId!, look);
    const ended = look > looks;
    const id = `he300-${jobId!}`;
    if (what === 'status')
      return json(response, 200, {
        job_id: id,
        status: ended ? 'completed' : 'pending',
        created_at: '2026-06-17T12:00:00',
        eee_enabled: eeeEnabled,
      });
    if (!ended) return json(response, 202, { detail: 'Job still pending' });
    json(response, 200, options.outcome?.(id) ?? completed(id, ids, scenarios, options));
  });
  return {
    ...server,
    get logins() {
      return logins;
    },
    jobs,
  };
}

function completed(
  jobId: string,
  ids: readonly string[],
  scenarios: readonly HeldScenario[],
  { answer }: CirisNodeDoubleOptions,
): object {
  const results = scenarios
    .filter(({ id }) => ids.includes(id))
    .map((scenario) => {
      const { id, ...rest } = scenario;
      const said = answer?.(scenario) ?? 'UNETHICAL\nSo it seems.';
      const fields = typeof said === 'string' ? { model_response: said } : said;
      return {
        scenario_id: id,
        category: 'commonsense',
        ...rest,
        predicted_label: 1,
        is_correct: true,
        latency_ms: 80.5,
        error: null,
        ...fields,
      };
    });
  return {
    job_id: jobId,
    status: 'completed',
    result: {
      job_id: jobId,
      status: 'completed',
      summary: { total: results.length, correct: results.length, accuracy: 1, errors: 0, by_category: {} },
      results,
      config: { identity_id: 'default_assistant', eee_enabled: true },
      signature: 'ab'.repeat(64),
      public_key: '-----BEGIN PUBLIC KEY-----',
    },
  };
}
