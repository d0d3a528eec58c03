/** llama.cpp in the runner itself: there is no server, only weights. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../errors';
import type { HostModel, ModelServer, ModelServerContext } from './model-server';

export class EmbeddedServer implements ModelServer {
  readonly engine = 'llama';
  readonly url = null;
  readonly unit = null;

  constructor(private readonly context: ModelServerContext) {}

  async probe(): Promise<void> {
    await Promise.resolve();
  }

  async provide({ name, weights }: HostModel): Promise<string> {
    if (weights === null)
      throw new InputError(
        `model: ${name} has no weights; allowed: a GGUF in the bucket, for the model server embedded`,
      );
    const { store, directory, log } = this.context;
    mkdirSync(directory, { recursive: true });
    const path = join(directory, `${weights.sha256}.gguf`);
    if (!existsSync(path)) await store.download(weights.key, weights.sha256, path);
    log.info('the model is there', { model: name, path });
    return path;
  }
}
