/** With how many slots of which context a model server is started, so that it fits on whichever candidate is launched. */
import { memoryFault, modelSize, slotsFor, type ModelSize, type Place } from '@he300/benchmark/gpu-profiles';
import { gpusOf } from '../constructs/gpu-host/instance-gpus';
import { DEFAULT_CONTEXT_TOKENS } from './fields/model-server';
import type { Environment, ModelServer } from './schema';

type Serving = Extract<ModelServer, { readonly slots: unknown }>;

export interface ServingPlan {
  readonly slots: number;
  readonly contextTokens: number;
}

export interface ServingFault {
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
}

/** What server and GPUs are told; for an environment without faults. */
export function servingPlan(env: Environment, server: Serving): ServingPlan {
  const contextTokens = contextOf(env, server);
  const { slots } = server;
  if (typeof slots === 'number') return { slots, contextTokens };
  if (slots !== 'computed') return { slots: namedSetting(env, slots)!.slots, contextTokens };
  const fitting = modelsOf(env).flatMap(({ size }) =>
    placesOf(env, server).map((place) => (size ? slotsFor(size, place) : 0)),
  );
  return { slots: Math.min(...fitting), contextTokens };
}

/** What keeps the server from being started, or the models from fitting. */
export function* servingFaults(env: Environment, server: Serving): Generator<ServingFault> {
  const { slots, contextTokens } = server;
  if (typeof slots === 'string' && slots !== 'computed') {
    const setting = namedSetting(env, slots);
    if (!setting) {
      const known = Object.keys(gpusOf(env.gpu.candidates[0]!.instanceType).profile.slotProfiles);
      const allowed = `a number, computed, or a setting of every candidate's GPU: ${known.join(', ')}`;
      return yield { field: 'modelServer.slots', value: slots, allowed };
    }
    if (contextTokens !== undefined && contextTokens !== setting.contextTokens) {
      const allowed = `${setting.contextTokens}, that of the setting ${slots}, or nothing`;
      yield { field: 'modelServer.contextTokens', value: contextTokens, allowed };
    }
  }
  for (const { index, name, size } of modelsOf(env)) {
    const field = `run.models[${index}]`;
    if (!size && slots === 'computed') {
      const allowed = 'a name that tells its size, such as llama3.2:3b, while modelServer.slots is computed';
      yield { field, value: name, allowed };
    }
    if (!size) continue;
    const count = slots === 'computed' ? 1 : servingPlan(env, server).slots;
    const fault = placesOf(env, server)
      .map((place) => memoryFault(size, place, count))
      .find(Boolean);
    if (fault) yield { field, value: name, allowed: `${fault.allowed}, but it ${fault.what}` };
  }
}

function contextOf(env: Environment, { slots, contextTokens }: Serving): number {
  const setting = typeof slots === 'string' ? namedSetting(env, slots) : undefined;
  return setting?.contextTokens ?? contextTokens ?? DEFAULT_CONTEXT_TOKENS;
}

/** Undefined unless every candidate's GPU has a setting of that name. */
function namedSetting(env: Environment, name: string): ServingPlan | undefined {
  const settings = env.gpu.candidates.map(({ instanceType }) => {
    const { slotProfiles } = gpusOf(instanceType).profile;
    return Object.hasOwn(slotProfiles, name) ? slotProfiles[name] : undefined;
  });
  return settings.every((setting) => setting !== undefined) ? settings[0] : undefined;
}

function placesOf(env: Environment, server: Serving): readonly Place[] {
  const contextTokens = contextOf(env, server);
  return env.gpu.candidates.map(({ instanceType }) => ({
    ...gpusOf(instanceType),
    server: server.kind,
    contextTokens,
    cache: server.kind === 'ollama' ? server.cache : 'f16',
  }));
}

const modelsOf = (
  env: Environment,
): readonly { readonly index: number; readonly name: string; readonly size: ModelSize | undefined }[] =>
  env.run.models.map((name, index) => ({ index, name, size: modelSize(name) }));
