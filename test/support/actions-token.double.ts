/**
 * What a job of GitHub asks for its OIDC token, on a loopback port, made from
 * https://docs.github.com/en/actions/reference/security/oidc: `GET` with the audience in the query and the request's own bearer.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GithubIssuer, Workflow } from './github-issuer';

export interface ActionsTokenDouble {
  /** Of the job. */
  readonly variables: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  /** How many tokens it gave. */
  readonly given: number;
  close(): Promise<void>;
}

export async function actionsTokenDouble(
  issuer: GithubIssuer,
  workflow: Workflow,
): Promise<ActionsTokenDouble> {
  const bearer = randomUUID();
  let given = 0;
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url!, 'http://localhost');
    const isJob = request.headers.authorization === `Bearer ${bearer}`;
    if (!isJob || request.method !== 'GET') return void response.writeHead(401).end('{}');
    const audience = searchParams.get('audience') ?? `https://github.com/${workflow.owner}`;
    void issuer.token(workflow, { audience }).then((value) => {
      given++;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ count: value.length, value }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    variables: {
      // GitHub's has a query already.
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
    },
    get given() {
      return given;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
