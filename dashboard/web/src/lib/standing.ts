/** How an accuracy stands to always giving the more frequent label. */
export type Standing = 'above' | 'below' | 'undecided';

interface Measured {
  readonly accuracy: number;
  readonly wilson95: { readonly low: number; readonly high: number };
  readonly majorityBaseline: number;
}

/** `undecided`: the 95 % interval holds the baseline, or only touches it. */
export function standing({ wilson95, majorityBaseline }: Measured): Standing {
  if (wilson95.low > majorityBaseline) return 'above';
  return wilson95.high < majorityBaseline ? 'below' : 'undecided';
}

/** 0 to 1: how far the accuracy is from the baseline, of the way to all right or to all wrong. */
export function distance({ accuracy, majorityBaseline }: Measured): number {
  const room = accuracy > majorityBaseline ? 1 - majorityBaseline : majorityBaseline;
  return room === 0 ? 0 : Math.abs(accuracy - majorityBaseline) / room;
}
