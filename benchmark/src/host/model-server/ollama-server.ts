/** Ollama, https://github.com/ollama/ollama/blob/main/docs/api.md: pulls a model, or makes it from weights of the bucket. */
import { createReadStream, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { JsonLinesParser } from '../../engines/http/json-lines';
import { InputError } from '../../errors';
import { askServer, type HostModel, type ModelServer, type ModelServerContext } from './model-server';

const tags = z.object({ models: z.array(z.object({ name: z.string(), digest: z.string() })) });

/** What a step of a long request tells. */
const step = z.object({
  status: z.string().optional(),
  error: z.string().optional(),
  total: z.number().optional(),
  completed: z.number().optional(),
});

/** How often a long request is told of in the log. */
const TELL_EVERY_MS = 10_000;

export class OllamaServer implements ModelServer {
  readonly engine = 'ollama';

  constructor(
    readonly url: string,
    readonly unit: string | null,
    private readonly context: ModelServerContext,
  ) {}

  async probe(): Promise<void> {
    await askServer(this.at('/api/version'));
  }

  async provide(model: HostModel, signal: AbortSignal): Promise<string> {
    const { name, weights } = model;
    if (weights !== null) await this.make(name, weights, signal);
    else if ((await this.digestOf(name)) === undefined) await this.pull(name, signal);
    const digest = await this.digestOf(name);
    if (digest === undefined) throw new Error(`model server: ${name} is not there after it was fetched`);
    this.context.log.info('the model is there', { model: name, digest });
    return name;
  }

  private async digestOf(name: string): Promise<string | undefined> {
    const { models } = tags.parse(await askServer(this.at('/api/tags')));
    const full = name.includes(':') ? name : `${name}:latest`;
    return models.find((model) => model.name === full)?.digest;
  }

  private async pull(name: string, signal: AbortSignal): Promise<void> {
    const error = await this.steps('/api/pull', { model: name, stream: true }, signal);
    if (error === undefined) return;
    if (/file does not exist|not found|invalid model name/i.test(error))
      throw new InputError(`model: ${name}: ${error}; allowed: a model of its registry`);
    throw new Error(`model server: ${name} cannot be pulled: ${error}`);
  }

  /** A model of the same name that is there already is made anew: its weights may have been others. */
  private async make(
    name: string,
    weights: NonNullable<HostModel['weights']>,
    signal: AbortSignal,
  ): Promise<void> {
    const digest = `sha256:${weights.sha256}`;
    await this.upload(weights, digest, signal);
    const error = await this.steps(
      '/api/create',
      { model: name, files: { 'model.gguf': digest }, stream: true },
      signal,
    );
    if (error !== undefined) throw new InputError(`model: ${name}: ${weights.key}: ${error}`);
  }

  private async upload(
    { key, sha256 }: NonNullable<HostModel['weights']>,
    digest: string,
    signal: AbortSignal,
  ): Promise<void> {
    const blob = this.at(`/api/blobs/${digest}`);
    const present = await fetch(blob, { method: 'HEAD', signal });
    if (present.ok) return;
    const { store, directory, log } = this.context;
    mkdirSync(directory, { recursive: true });
    const path = join(directory, `${sha256}.gguf`);
    if (!existsSync(path)) await store.download(key, sha256, path);
    log.info('the weights are here, as agreed', { key, bytes: statSync(path).size });
    const body = Readable.toWeb(createReadStream(path)) as ReadableStream;
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half', signal };
    const response = await fetch(blob, init);
    if (!response.ok)
      throw new Error(`model server: ${key}: HTTP ${response.status} ${await response.text()}`);
    // Ollama has its own copy now, and the disk is not large.
    rmSync(path);
  }

  /** Asks for something long, whose steps come as lines. Returns what went wrong, if anything did. */
  private async steps(path: string, body: unknown, signal: AbortSignal): Promise<string | undefined> {
    const response = await fetch(this.at(path), { method: 'POST', body: JSON.stringify(body), signal });
    if (!response.body) throw new Error(`model server: ${path}: HTTP ${response.status}`);
    let [error, toldMs, last] = [undefined as string | undefined, 0, ''];
    const parser = new JsonLinesParser((line) => {
      const told = step.parse(line);
      error ??= told.error;
      last = told.status ?? last;
      if (performance.now() - toldMs < TELL_EVERY_MS) return;
      toldMs = performance.now();
      this.context.log.info('the model server works', { path, ...told });
    });
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
      parser.push(Buffer.from(chunk));
    if (!response.ok) return error ?? `HTTP ${response.status}`;
    return error ?? (last === 'success' ? undefined : `it ended with: ${last || 'nothing'}`);
  }

  private at(path: string): string {
    return `${this.url.replace(/\/+$/, '')}${path}`;
  }
}
