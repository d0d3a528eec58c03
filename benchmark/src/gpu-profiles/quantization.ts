/**
 * What a weight takes in each of GGUF's quantizations. The mixed ones keep the output matrix, and some layers of some
 * models, at more bits than the rest; the figures are set so that no published file is larger than they say.
 */
export const QUANTIZATIONS = {
  Q4_K_M: { bitsPerWeight: 4.97, outputBitsPerWeight: 6.5625 },
  Q5_K_M: { bitsPerWeight: 5.9, outputBitsPerWeight: 6.5625 },
  Q8_0: { bitsPerWeight: 8.53, outputBitsPerWeight: 8.53 },
  fp16: { bitsPerWeight: 16.02, outputBitsPerWeight: 16.02 },
} as const;

export type Quantization = keyof typeof QUANTIZATIONS;

const EXACT: readonly (readonly [RegExp, Quantization])[] = [
  [/q4_k_m|q4_k_s|q4_0|q[23]_k/, 'Q4_K_M'],
  [/q5_k_m|q5_k_s|q5_0|q4_1/, 'Q5_K_M'],
  [/q8_0|q6_k|q5_1/, 'Q8_0'],
  [/(^|[^a-z])(fp16|f16|bf16)/, 'fp16'],
];

/**
 * The quantization that a model's name tells; one that is not in the table counts as the next larger one that is.
 * @returns undefined when the name tells none
 */
export const quantizationIn = (name: string): Quantization | undefined =>
  EXACT.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1];
