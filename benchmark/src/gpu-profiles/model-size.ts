/** What a model takes, told by its name: from the table of families, else from the number of parameters in the name. */
import { FAMILIES, type Shape } from './families';
import { quantizationIn, QUANTIZATIONS, type Quantization } from './quantization';

export interface ModelSize {
  readonly name: string;
  readonly parametersBillions: number;
  readonly quantization: Quantization;
  readonly weightsGib: number;
  /** Keys and values that the cache holds for a token. */
  readonly cachedValuesPerToken: number;
  /** Whether the name is in no table, so that the figures are an upper bound. */
  readonly estimated: boolean;
}

const GIB = 2 ** 30;
/** What registries deliver when a name says nothing: Ollama's quantizes, repositories of original weights do not. */
const UNSAID = { tagged: 'Q4_K_M', repository: 'fp16' } as const;

/** @returns undefined when the name tells neither a known family nor a number of parameters, as `7b` or `8x7b` */
export function modelSize(name: string): ModelSize | undefined {
  const plain = name.toLowerCase();
  const quantization = quantizationIn(plain) ?? (plain.includes('/') ? UNSAID.repository : UNSAID.tagged);
  const known = knownShape(plain.split('/').at(-1)!);
  const shape = known ?? estimatedShape(plain);
  if (!shape) return undefined;
  return {
    name,
    parametersBillions: shape.billions,
    quantization,
    weightsGib: weightsGib(shape, quantization),
    cachedValuesPerToken: 2 * shape.layers * shape.kvHeads * shape.headDim,
    estimated: !known,
  };
}

function weightsGib({ billions, width, vocabulary }: Shape, quantization: Quantization): number {
  const { bitsPerWeight, outputBitsPerWeight } = QUANTIZATIONS[quantization];
  const output = Math.min(width * vocabulary, billions * 1e9);
  return ((billions * 1e9 - output) * bitsPerWeight + output * outputBitsPerWeight) / 8 / GIB;
}

function knownShape(name: string): Shape | undefined {
  const family = FAMILIES.find(({ pattern }) => pattern.test(name));
  if (!family) return undefined;
  const rest = name.replace(family.pattern, '');
  return family.sizes[sizeIn(rest) ?? family.preset];
}

const sizeIn = (name: string): string | undefined => /(?<![\d.])(\d+x)?\d+(\.\d+)?b(?![a-z])/.exec(name)?.[0];

/** Width of a head in nearly all models. */
const HEAD = 128;
/** For models that are deeper or wider than most. */
const MARGIN = 1.1;

/**
 * An upper bound for a model of which only the number of parameters P is known. A transformer of width w with L layers has
 * about 12 L w² weights; models are about as deep as L = w / 128. All heads are taken to have keys and values of their own, as
 * before grouped-query attention, and the vocabulary to be the largest in use.
 */
function estimatedShape(name: string): Shape | undefined {
  const size = sizeIn(name);
  if (!size) return undefined;
  const billions = size
    .slice(0, -1)
    .split('x')
    .reduce((product, factor) => product * Number(factor), 1);
  if (billions === 0) return undefined;
  const width = Math.ceil(Math.cbrt((MARGIN * billions * 1e9 * HEAD) / 12));
  const heads = Math.ceil(width / HEAD);
  return { billions, layers: heads, kvHeads: heads, headDim: HEAD, width, vocabulary: 262_144 };
}
