/** What a run tells while it goes on, for whoever shows it. */
import type { Saturation } from '../contract/performance';
import type { Results } from '../contract/results';
import type { TriedWindow } from '../load/search';
import type { Plan } from './plan';

export type RunProgress =
  | { readonly type: 'begun'; readonly plan: Plan; readonly alreadyScored: number }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'window'; readonly window: TriedWindow }
  | { readonly type: 'saturation'; readonly saturation: Saturation }
  | {
      readonly type: 'scored';
      readonly done: number;
      readonly total: number;
      readonly correct: number;
      readonly concurrency: number;
      readonly outputTokensPerSecond: number;
      readonly etaSeconds: number | null;
      readonly costUsd: number | null;
    }
  | { readonly type: 'rescored'; readonly done: number; readonly total: number }
  | { readonly type: 'judged'; readonly done: number; readonly total: number }
  | { readonly type: 'ended'; readonly results: Results; readonly directory: string };

export type OnProgress = (progress: RunProgress) => void;
