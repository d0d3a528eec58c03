/** The search for a concurrency without a run: nothing is scored, and nothing is kept. */
import type { Saturation } from '../contract/performance';
import type { Engine as EngineIdentity, Host, Model } from '../contract/provenance';
import type { Prompts } from '../contract/suite';
import { openEngine } from '../engines';
import { InputError } from '../errors';
import type { WindowLimits } from '../load/meter';
import type { TriedWindow } from '../load/search';
import { thisMachine } from '../measure/host-facts';
import { identityOf } from '../prompts/prompt-set';
import { sourcesFor } from '../telemetry/run-telemetry';
import { Sampler } from '../telemetry/sampler';
import { drawSuite, notesOnLacking, promptsOf, type RunRequest } from './begin';
import { findConcurrency } from './find-concurrency';

export interface LoadRequest extends Pick<
  RunRequest,
  'spec' | 'seed' | 'datasetDirectory' | 'promptFile' | 'engine' | 'generation' | 'requestTimeLimitSeconds'
> {
  /** Requests that the server works on at once; null takes what the server tells. */
  readonly slots: number | null;
  readonly onNote: (text: string) => void;
  readonly onWindow: (window: TriedWindow) => void;
  readonly stop: AbortSignal;
  readonly windowLimits?: WindowLimits;
}

export interface LoadReport {
  readonly model: Model;
  readonly engine: EngineIdentity;
  readonly prompts: Prompts;
  /** Of the runner. */
  readonly host: Host;
  readonly saturation: Saturation;
}

/** Null when it was stopped. @throws InputError when the server fails, or something that was asked for is not there */
export async function loadAlone(request: LoadRequest): Promise<LoadReport | null> {
  const { generation, stop, onNote, onWindow, windowLimits, requestTimeLimitSeconds } = request;
  const promptSet = promptsOf(request.promptFile, request.engine);
  const { sample } = drawSuite({ ...request, limit: undefined });
  const engine = await openEngine(request.engine, generation);
  const { name, url } = request.engine;
  const sampler = new Sampler({
    sources: sourcesFor({ engine: name, url }),
  });
  const closeEngine = (): void => void engine.close();
  stop.addEventListener('abort', closeEngine);
  try {
    const { model, engine: identity, notes } = await engine.describe();
    for (const note of [...notes, ...notesOnLacking(engine, sample)]) onNote(note);
    const slots = request.slots ?? identity.slots;
    const saturation = await findConcurrency({
      engine,
      slots,
      scenarios: sample.filter((scenario) => !engine.lacks?.(scenario)),
      promptSet,
      requestTimeLimitMs: requestTimeLimitSeconds * 1000,
      onWindow,
      sampler,
      stop,
      ...(windowLimits ? { limits: windowLimits } : {}),
    });
    return {
      model,
      engine: { ...identity, slots },
      prompts: identityOf(promptSet),
      host: await thisMachine(),
      saturation,
    };
  } catch (error) {
    if (stop.aborted && error instanceof InputError) return null;
    throw error;
  } finally {
    stop.removeEventListener('abort', closeEngine);
    await Promise.all([engine.close(), sampler.close()]);
  }
}
