/**
 * GitHub's issuer of workflow tokens, on a loopback port: discovery document, keys, and tokens with the claims that
 * https://docs.github.com/en/actions/reference/security/oidc lists.
 */
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What `iss` says, whence ever the keys are fetched. */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const ALGORITHM = 'RS256';
/** GitHub's tokens are good for five minutes. */
const TTL_SECONDS = 300;

/** The workflow run that asks for a token. */
export interface Workflow {
  readonly owner: string;
  readonly ownerId: number;
  readonly repository: string;
  readonly repositoryId: number;
  /** Such as `refs/heads/main`, or `refs/pull/7/merge`. */
  readonly ref: string;
  /** File name below `.github/workflows`. */
  readonly file: string;
  /** @default - the job names none */
  readonly environment?: string | undefined;
  /** @default workflow_dispatch */
  readonly event?: string;
}

export interface TokenOptions {
  readonly audience: string;
  /** @default - GitHub's */
  readonly issuer?: string;
  /** Of the token's making. @default - now */
  readonly at?: Date;
  /** Claims that differ from what GitHub would say of that run; undefined leaves one out. @default - none */
  readonly claims?: Readonly<Record<string, string | undefined>>;
  /** A key that the issuer does not publish, under the name of the one that it does. @default false */
  readonly otherKey?: boolean;
}

export interface GithubIssuer {
  /** For `oidc_discovery_url`. */
  readonly url: string;
  token(workflow: Workflow, options: TokenOptions): Promise<string>;
  close(): Promise<void>;
}

export async function githubIssuer(): Promise<GithubIssuer> {
  const kid = randomUUID();
  const [own, other] = await Promise.all([newKey(kid), newKey(kid)]);
  const server = createServer(({ url = '' }, response) => {
    const body = documents()[url];
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const documents = (): Readonly<Record<string, unknown>> => ({
    '/.well-known/openid-configuration': {
      issuer: url,
      jwks_uri: `${url}/.well-known/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: [ALGORITHM],
    },
    '/.well-known/jwks': { keys: [own.published] },
  });

  return {
    url,
    token(workflow, { audience, issuer = GITHUB_ISSUER, at = new Date(), claims = {}, otherKey = false }) {
      const seconds = Math.floor(at.getTime() / 1_000);
      return new SignJWT({ ...claimsOf(workflow), ...claims })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setJti(randomUUID())
        .setNotBefore(seconds)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + TTL_SECONDS)
        .sign((otherKey ? other : own).secret);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Key {
  readonly secret: CryptoKey;
  readonly published: JWK;
}

async function newKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  return {
    secret: privateKey,
    published: { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' },
  };
}

function claimsOf(workflow: Workflow): Record<string, string> {
  const { owner, ownerId, repositoryId, ref, file, environment, event = 'workflow_dispatch' } = workflow;
  const repository = `${owner}/${workflow.repository}`;
  const workflowRef = `${repository}/.github/workflows/${file}@${ref}`;
  const where = environment === undefined ? `ref:${ref}` : `environment:${environment}`;
  const sha = '0123456789abcdef0123456789abcdef01234567';
  return {
    sub:
      event === 'pull_request' && environment === undefined
        ? `repo:${repository}:pull_request`
        : `repo:${repository}:${where}`,
    repository,
    repository_id: String(repositoryId),
    repository_owner: owner,
    repository_owner_id: String(ownerId),
    repository_visibility: 'public',
    ref,
    ref_type: 'branch',
    ref_protected: 'true',
    sha,
    actor: 'octocat',
    actor_id: '583231',
    event_name: event,
    head_ref: event === 'pull_request' ? 'a-branch' : '',
    base_ref: event === 'pull_request' ? 'main' : '',
    workflow: file,
    workflow_ref: workflowRef,
    workflow_sha: sha,
    job_workflow_ref: workflowRef,
    job_workflow_sha: sha,
    run_id: '1234567890',
    run_number: '7',
    run_attempt: '1',
    runner_environment: 'github-hosted',
    ...(environment === undefined ? {} : { environment }),
  };
}
