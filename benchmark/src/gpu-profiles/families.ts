/** The shapes of common models, as their published `config.json` files give them. */

export interface Shape {
  /** All weights, in billions. */
  readonly billions: number;
  readonly layers: number;
  /** Heads of keys and values; fewer than those of queries in models with grouped-query attention. */
  readonly kvHeads: number;
  readonly headDim: number;
  readonly width: number;
  readonly vocabulary: number;
}

export interface Family {
  /** Matches the beginning of a name in lower case, without the owner before the last slash. */
  readonly pattern: RegExp;
  /** What a name without a size means. */
  readonly preset: string;
  readonly sizes: Readonly<Record<string, Shape>>;
}

const shape = (
  billions: number,
  layers: number,
  kvHeads: number,
  headDim: number,
  width: number,
  vocabulary: number,
): Shape => ({ billions, layers, kvHeads, headDim, width, vocabulary });

const LLAMA_8B = shape(8.03, 32, 8, 128, 4096, 128_256);
const LLAMA_70B = shape(70.55, 80, 8, 128, 8192, 128_256);

export const FAMILIES: readonly Family[] = [
  {
    pattern: /^(meta-)?llama-?3\.2/,
    preset: '3b',
    sizes: {
      '1b': shape(1.236, 16, 8, 64, 2048, 128_256),
      '3b': shape(3.213, 28, 8, 128, 3072, 128_256),
    },
  },
  { pattern: /^(meta-)?llama-?3\.3/, preset: '70b', sizes: { '70b': LLAMA_70B } },
  { pattern: /^(meta-)?llama-?3(\.1)?(?![.\d])/, preset: '8b', sizes: { '8b': LLAMA_8B, '70b': LLAMA_70B } },
  {
    pattern: /^(meta-)?llama-?2(?![.\d])/,
    preset: '7b',
    sizes: {
      '7b': shape(6.738, 32, 32, 128, 4096, 32_000),
      '13b': shape(13.016, 40, 40, 128, 5120, 32_000),
    },
  },
  {
    pattern: /^qwen-?2\.5/,
    preset: '7b',
    sizes: {
      '0.5b': shape(0.494, 24, 2, 64, 896, 151_936),
      '1.5b': shape(1.544, 28, 2, 128, 1536, 151_936),
      '3b': shape(3.086, 36, 2, 128, 2048, 151_936),
      '7b': shape(7.616, 28, 4, 128, 3584, 152_064),
      '14b': shape(14.77, 48, 8, 128, 5120, 152_064),
      '32b': shape(32.76, 64, 8, 128, 5120, 152_064),
    },
  },
  {
    pattern: /^qwen-?3(?![.\d])/,
    preset: '8b',
    sizes: {
      '0.6b': shape(0.752, 28, 8, 128, 1024, 151_936),
      '1.7b': shape(2.032, 28, 8, 128, 2048, 151_936),
      '4b': shape(4.411, 36, 8, 128, 2560, 151_936),
      '8b': shape(8.191, 36, 8, 128, 4096, 151_936),
      '14b': shape(14.77, 40, 8, 128, 5120, 151_936),
      '32b': shape(32.76, 64, 8, 128, 5120, 151_936),
    },
  },
  { pattern: /^mistral-nemo/, preset: '12b', sizes: { '12b': shape(12.25, 40, 8, 128, 5120, 131_072) } },
  {
    pattern: /^mistral(?!-(small|large|medium))/,
    preset: '7b',
    sizes: { '7b': shape(7.248, 32, 8, 128, 4096, 32_768) },
  },
  { pattern: /^mixtral/, preset: '8x7b', sizes: { '8x7b': shape(46.7, 32, 8, 128, 4096, 32_000) } },
  {
    pattern: /^gemma-?3(?!n|b)/,
    preset: '4b',
    sizes: {
      '1b': shape(1, 26, 1, 256, 1152, 262_144),
      '4b': shape(4.3, 34, 4, 256, 2560, 262_208),
      '12b': shape(12.2, 48, 8, 256, 3840, 262_208),
      '27b': shape(27.4, 62, 16, 128, 5376, 262_208),
    },
  },
  {
    pattern: /^gemma-?2(?!b)/,
    preset: '9b',
    sizes: {
      '2b': shape(2.614, 26, 4, 256, 2304, 256_000),
      '9b': shape(9.242, 42, 8, 256, 3584, 256_000),
      '27b': shape(27.23, 46, 16, 128, 4608, 256_000),
    },
  },
  {
    pattern: /^phi-?4(?!-mini)/,
    preset: '14b',
    sizes: { '14b': shape(14.66, 40, 10, 128, 5120, 100_352) },
  },
  {
    pattern: /^phi-?4-mini/,
    preset: '3.8b',
    sizes: { '3.8b': shape(3.836, 32, 8, 128, 3072, 200_064) },
  },
  {
    pattern: /^phi-?3-medium/,
    preset: '14b',
    sizes: { '14b': shape(13.96, 40, 10, 128, 5120, 32_064) },
  },
  {
    pattern: /^phi-?3(\.5)?/,
    preset: '3.8b',
    sizes: {
      '3.8b': shape(3.821, 32, 32, 96, 3072, 32_064),
      '14b': shape(13.96, 40, 10, 128, 5120, 32_064),
    },
  },
];
