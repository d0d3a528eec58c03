/** For tests: a server that keeps artifacts in a directory of its own, and a host that brings them. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactPath } from '@he300/benchmark/contract';
import { bearer, testServer, type TestServer } from '../test-services';
import type { Store } from '../store/database';
import type { ArtifactStore } from './artifact-store';
import { DirectoryStore } from './directory-store';
import { newKey, SenderDouble } from './sender.double';
import { setWebhookKey } from './webhook-keys';

export const RUN = 'dev-i-1';
export const RESULTS = { name: 'results.json', kind: 'results', content_type: 'application/json' };
export const SAMPLES = { name: 'samples.jsonl', kind: 'samples', content_type: 'application/jsonl' };
export const PROMPTS = { name: 'prompts.jsonl', kind: 'prompts', content_type: 'application/jsonl' };
export const REPORT = { name: 'report.html', kind: 'report', content_type: 'text/html' };

export interface FilesServer {
  readonly server: TestServer;
  readonly host: SenderDouble;
  readonly directory: string;
  /** Of the environment. */
  readonly key: string;
  /** Thrown in the middle of the next files, as a full disk does. */
  failure: Error | undefined;
  /** Names of what is in the directory, below all of its folders. */
  filesIn(): string[];
  get(name: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** @param database where the rest is kept; by default in memory */
export async function filesServer(database?: Store): Promise<FilesServer> {
  const directory = mkdtempSync(join(tmpdir(), 'he300-artifacts-'));
  const store = new DirectoryStore(directory);
  const artifacts: ArtifactStore = {
    get: (key, range) => store.get(key, range),
    remove: (key) => store.remove(key),
    put: (key, body) => store.put(key, files.failure ? half(body, files.failure) : body),
  };
  const server = await testServer({ artifacts, ...(database ? { store: database } : {}) });
  const key = newKey('d');
  await setWebhookKey(server, { environment: 'dev', key, overlapHours: 24 }, 'test');
  const files: FilesServer = {
    ...{ server, directory, key, failure: undefined },
    host: new SenderDouble(server, key, RUN),
    filesIn: () =>
      readdirSync(directory, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
    get: async (name, headers = {}) =>
      server.app.request(artifactPath(RUN, name), {
        headers: { ...bearer(server.tokens.viewer), ...headers },
      }),
    close: async () => {
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
  return files;
}

async function* half(body: AsyncIterable<Uint8Array>, failure: Error): AsyncIterable<Uint8Array> {
  for await (const piece of body) {
    yield piece.subarray(0, piece.length / 2);
    throw failure;
  }
}
