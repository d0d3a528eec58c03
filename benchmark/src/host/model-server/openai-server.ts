/** An OpenAI-compatible server, such as vLLM: it has the model that it was started with. */
import * as z from 'zod';
import { InputError } from '../../errors';
import { askServer, type HostModel, type ModelServer, type ModelServerContext } from './model-server';

const list = z.object({ data: z.array(z.object({ id: z.string() })) });

export class OpenAiServer implements ModelServer {
  readonly engine = 'openai';

  /** @param url with its version, such as `http://127.0.0.1:8000/v1` */
  constructor(
    readonly url: string,
    readonly unit: string | null,
    private readonly context: ModelServerContext,
  ) {}

  async probe(): Promise<void> {
    await this.models();
  }

  async provide({ name }: HostModel): Promise<string> {
    const models = await this.models();
    if (!models.includes(name))
      throw new InputError(
        `model: ${name}; allowed: ${models.join(', ') || 'none, for the server has none'}`,
      );
    this.context.log.info('the model is there', { model: name });
    return name;
  }

  private async models(): Promise<string[]> {
    const { apiKey } = this.context;
    const headers = apiKey ? { authorization: `Bearer ${apiKey.reveal()}` } : {};
    const answer = list.parse(
      await askServer(`${this.url.replace(/\/+$/, '')}/models`, {
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(5_000),
      }),
    );
    return answer.data.map(({ id }) => id);
  }
}
