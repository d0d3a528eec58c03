/** How long each phase of a host's life may take, and how often it is tried. */
import type { Phase } from '../../contract/event';

export interface PhaseRule {
  /** Of one attempt; null where only the host's own limit ends it. */
  readonly timeLimitSeconds: number | null;
  readonly attempts: number;
  /** Before the second attempt; doubled before each further one. */
  readonly pauseSeconds: number;
}

/** Longest pause between two attempts. */
const MOST_PAUSE_SECONDS = 30;

export const PHASE_RULES: Readonly<Record<Phase, PhaseRule>> = {
  arm: { timeLimitSeconds: 10, attempts: 1, pauseSeconds: 0 },
  // The metadata service may be late at boot.
  identity: { timeLimitSeconds: 30, attempts: 5, pauseSeconds: 1 },
  // A store that is gone for two minutes ends no host: these pauses make three.
  secrets: { timeLimitSeconds: 60, attempts: 9, pauseSeconds: 2 },
  // The other end may still boot.
  tunnel: { timeLimitSeconds: 600, attempts: 2, pauseSeconds: 5 },
  // A large model comes from its registry.
  'model-server': { timeLimitSeconds: 2_700, attempts: 8, pauseSeconds: 5 },
  preflight: { timeLimitSeconds: 600, attempts: 9, pauseSeconds: 2 },
  // Each further attempt resumes.
  run: { timeLimitSeconds: null, attempts: 4, pauseSeconds: 2 },
  report: { timeLimitSeconds: 900, attempts: 1, pauseSeconds: 0 },
  // It has limits of its own.
  off: { timeLimitSeconds: 300, attempts: 1, pauseSeconds: 0 },
};

/** Before the attempt that follows so many. */
export const pauseSecondsAfter = ({ pauseSeconds }: PhaseRule, attempts: number): number =>
  Math.min(MOST_PAUSE_SECONDS, pauseSeconds * 2 ** (attempts - 1));
