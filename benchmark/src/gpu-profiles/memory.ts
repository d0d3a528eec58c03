/** Whether models fit into a GPU's memory, and how many slots do: weights + slots × context × cache + what the server itself takes. */
import type { GpuProfile } from '../contract/gpu-profile';
import type { ModelSize } from './model-size';

/** Bytes of a cached value; the quantized kind stores 32 values and a scale of two bytes. */
export const CACHE_BYTES = { f16: 2, q8_0: 34 / 32 } as const;
export type CacheType = keyof typeof CACHE_BYTES;

const GIB = 2 ** 30;

/** What a server takes on each GPU besides weights and cache: its context, its graphs, and the batch in work. */
const SERVER_GIB = { ollama: 1, vllm: 2 } as const;

export interface Place {
  readonly profile: GpuProfile;
  /** GPUs of the machine; a model is spread over all of them. */
  readonly gpus: number;
  readonly server: keyof typeof SERVER_GIB;
  /** Of one slot. */
  readonly contextTokens: number;
  readonly cache: CacheType;
}

export interface MemoryNeed {
  readonly weightsGib: number;
  readonly cacheGib: number;
  readonly serverGib: number;
  readonly totalGib: number;
}

export const memoryOf = ({ profile, gpus }: Place): number => profile.memoryGib * gpus;

export function memoryNeed(model: ModelSize, place: Place, slots: number): MemoryNeed {
  const { weightsGib } = model;
  const cacheGib = slots * slotGib(model, place);
  const serverGib = SERVER_GIB[place.server] * place.gpus;
  return { weightsGib, cacheGib, serverGib, totalGib: weightsGib + cacheGib + serverGib };
}

const slotGib = (model: ModelSize, { contextTokens, cache }: Place): number =>
  (contextTokens * bytesPerToken(model, cache)) / GIB;

const bytesPerToken = (model: ModelSize, cache: CacheType): number =>
  model.cachedValuesPerToken * CACHE_BYTES[cache];

/** The most slots that fit, at most the profile's largest batch; 0 when not even one does. */
export function slotsFor(model: ModelSize, place: Place): number {
  if (tooLarge(model, place)) return 0;
  const { weightsGib, serverGib } = memoryNeed(model, place, 0);
  const free = memoryOf(place) - weightsGib - serverGib;
  const slots = Math.max(0, Math.min(place.profile.maxBatch, Math.floor(free / slotGib(model, place))));
  // A quotient that was rounded up would be one slot too many.
  return slots > 0 && memoryNeed(model, place, slots).totalGib > memoryOf(place) ? slots - 1 : slots;
}

/** A 13-billion model has a few million more. */
const tooLarge = ({ parametersBillions }: ModelSize, { profile, gpus }: Place): boolean =>
  Math.floor(parametersBillions) > profile.maxParametersBillions * gpus;

export interface MemoryFault {
  /** Such as `needs 4.92 GiB of weights (Q4_K_M) + … = 40.98 GiB`. */
  readonly what: string;
  /** Such as `at most 22.10 GiB, the memory of a10g; 12 slots fit`. */
  readonly allowed: string;
}

/** Why the model does not fit with so many slots, with the arithmetic; undefined when it fits. */
export function memoryFault(model: ModelSize, place: Place, slots: number): MemoryFault | undefined {
  const { profile, gpus, contextTokens, cache } = place;
  const where = gpus === 1 ? profile.id : `${gpus} × ${profile.id}`;
  if (tooLarge(model, place)) {
    return {
      what: `has ${round(model.parametersBillions)} billion parameters`,
      allowed: `at most ${profile.maxParametersBillions * gpus} billion on ${where}`,
    };
  }
  const { weightsGib, cacheGib, serverGib, totalGib } = memoryNeed(model, place, slots);
  if (totalGib <= memoryOf(place)) return undefined;
  const kib = (bytesPerToken(model, cache) / 1024).toFixed(1);
  const sum = [
    `${round(weightsGib)} GiB of weights (${model.quantization})`,
    `${round(cacheGib)} GiB of cache (${slots} × ${contextTokens} tokens × ${kib} KiB${model.estimated ? ', estimated' : ''})`,
    `${round(serverGib)} GiB for the server`,
  ].join(' + ');
  const fitting = slotsFor(model, place);
  const remedy = fitting === 0 ? 'no slot fits' : `${fitting} ${fitting === 1 ? 'slot fits' : 'slots fit'}`;
  return {
    what: `needs ${sum} = ${round(totalGib)} GiB`,
    allowed: `at most ${round(memoryOf(place))} GiB, the memory of ${where}; ${remedy}`,
  };
}

const round = (value: number): string => value.toFixed(2);
