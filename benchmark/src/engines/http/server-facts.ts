/** Which server stands behind an OpenAI-compatible address, and what it tells of itself. */
import * as z from 'zod';
import { RequestFailure } from '../engine';
import { HttpClient } from './http-client';

export interface ServerFacts {
  /** Name and version; null when it is none of those known. */
  readonly name: string | null;
  /** Requests that it works on at once; null when it does not tell. */
  readonly slots: number | null;
  /** Context of one slot. */
  readonly contextTokens: number | null;
}

const UNKNOWN: ServerFacts = { name: null, slots: null, contextTokens: null };

type Probe = (http: HttpClient) => Promise<ServerFacts | undefined>;

/** llama.cpp's `GET /props`: https://github.com/ggml-org/llama.cpp/tree/master/tools/server */
const llamaServer: Probe = async (http) => {
  const props = z
    .object({
      total_slots: z.int().positive(),
      build_info: z.string().optional(),
      default_generation_settings: z.object({ n_ctx: z.int().positive() }).partial().optional(),
    })
    .safeParse(await get(http, '/props')).data;
  return (
    props && {
      name: `llama-server ${props.build_info ?? ''}`.trim().slice(0, 100),
      slots: props.total_slots,
      contextTokens: props.default_generation_settings?.n_ctx ?? null,
    }
  );
};

/** vLLM's `GET /version`. It does not tell `--max-num-seqs`, so its slots are unknown. */
const vllm: Probe = async (http) => {
  const version = await versionAt(http, '/version');
  return version ? { ...UNKNOWN, name: `vllm ${version}` } : undefined;
};

/** Ollama's `GET /api/version`. Its slots are told to nobody over HTTP: see the engine `ollama`. */
const ollama: Probe = async (http) => {
  const version = await versionAt(http, '/api/version');
  return version ? { ...UNKNOWN, name: `ollama ${version}` } : undefined;
};

/** Never fails: a server that is none of these is unknown. */
export async function serverBehind(baseUrl: URL): Promise<ServerFacts> {
  const http = new HttpClient(new URL(baseUrl.origin));
  try {
    for (const probe of [llamaServer, ollama, vllm]) {
      const facts = await probe(http);
      if (facts) return facts;
    }
    return UNKNOWN;
  } finally {
    await http.close();
  }
}

async function get(http: HttpClient, path: string): Promise<unknown> {
  try {
    return await http.json({ method: 'GET', path, timeLimitMs: 5_000 });
  } catch (error) {
    if (error instanceof RequestFailure) return undefined;
    throw error;
  }
}

async function versionAt(http: HttpClient, path: string): Promise<string | undefined> {
  const shape = z.object({ version: z.string().max(50) });
  return shape.safeParse(await get(http, path)).data?.version;
}
