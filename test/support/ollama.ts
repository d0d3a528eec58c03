/** A real Ollama on a loopback port, with a model made from a file. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tool } from '../../ops/lib/tool';
import { endProcess } from './end-process';
import { freePort } from './free-port';

const START_LIMIT_MS = 60_000;

export interface OllamaServer {
  readonly url: URL;
  stop(): Promise<void>;
}

/** @param slots `OLLAMA_NUM_PARALLEL` */
export async function startOllama({ path }: Tool, slots: number): Promise<OllamaServer> {
  const dir = mkdtempSync(join(tmpdir(), 'he300-ollama-'));
  const url = new URL(`http://127.0.0.1:${await freePort()}`);
  const env = {
    ...process.env,
    HOME: dir,
    OLLAMA_HOST: url.host,
    OLLAMA_MODELS: join(dir, 'models'),
    OLLAMA_NUM_PARALLEL: String(slots),
  };
  const child = spawn(path, ['serve'], { env, stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    await endProcess(child);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await untilAnswering(url, child);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes the model `name` of the demo model's file; the template hands each message over on a line of its own. */
export function createModel({ path }: Tool, { url }: OllamaServer, name: string, gguf: string): void {
  const dir = mkdtempSync(join(tmpdir(), 'he300-modelfile-'));
  const template = '{{ range .Messages }}{{ .Content }}\n{{ end }}';
  // For a model this small a second thread costs more than it brings; OpenAI's interface cannot ask for a context.
  const parameters = 'PARAMETER num_thread 1\nPARAMETER num_ctx 4096\n';
  writeFileSync(join(dir, 'Modelfile'), `FROM ${gguf}\nTEMPLATE """${template}"""\n${parameters}`);
  const { status, stderr } = spawnSync(path, ['create', name, '-f', join(dir, 'Modelfile')], {
    env: { ...process.env, HOME: dir, OLLAMA_HOST: url.host },
    encoding: 'utf8',
  });
  rmSync(dir, { recursive: true });
  if (status !== 0) throw new Error(`ollama create failed: ${stderr}`);
}

async function untilAnswering(url: URL, child: ChildProcess): Promise<void> {
  for (const started = Date.now(); Date.now() - started < START_LIMIT_MS; await delay(50)) {
    if (child.exitCode !== null) throw new Error(`ollama serve ended with exit code ${child.exitCode}`);
    const response = await fetch(new URL('/api/version', url)).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(`ollama serve did not answer within ${START_LIMIT_MS / 1000} s`);
}
