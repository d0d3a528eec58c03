/** Whether one run did better than another on the same scenarios, and how sure that is. */
import type { Sample } from '../contract/sample';
import { holm } from '../statistics/holm';
import { mcnemarExact } from '../statistics/mcnemar';
import {
  detectableDifference,
  pairedDifference,
  type PairedCounts,
  type PairedDifference,
} from '../statistics/paired';

export { holm };

/** Family-wise error rate of the verdicts of one comparison. */
export const SIGNIFICANCE = 0.05;

/** A run's answers by scenario id. */
export type Outcomes = ReadonlyMap<string, Pick<Sample, 'category' | 'judgement' | 'expected'>>;

export interface Candidate {
  readonly name: string;
  readonly outcomes: Outcomes;
}

export interface Discordant {
  readonly scenarioId: string;
  readonly category: Sample['category'];
  readonly expected: Sample['expected'];
  readonly baseline: Sample['judgement']['outcome'];
  readonly candidate: Sample['judgement']['outcome'];
}

export interface Comparison extends PairedDifference {
  readonly baseline: string;
  readonly candidate: string;
  readonly scenarios: number;
  readonly counts: PairedCounts;
  /** Exact McNemar, two-sided. */
  readonly pValue: number;
  /** Adjusted by Holm over all candidates. */
  readonly adjustedPValue: number;
  /** Of the candidate, at a family-wise error rate of 5 %. `tied`: no difference was shown, not that there is none. */
  readonly verdict: 'better' | 'worse' | 'tied';
  /** Smallest difference that this comparison by itself, at 5 %, would have found with a power of 80 %; null when none. */
  readonly detectableDifference: number | null;
  readonly discordant: readonly Discordant[];
}

/** Each candidate against the baseline, over the scenarios that all of them answered. */
export function compare(baseline: Candidate, candidates: readonly Candidate[]): Comparison[] {
  const ids = [...baseline.outcomes.keys()].filter((id) => candidates.every((c) => c.outcomes.has(id)));
  const pairs = candidates.map((candidate) => ({ candidate, counts: count(ids, baseline, candidate) }));
  const pValues = pairs.map(({ counts }) => mcnemarExact(counts.onlyA, counts.onlyB));
  const adjusted = holm(pValues);
  return pairs.map(({ candidate, counts }, i) => {
    const difference = pairedDifference(counts);
    return {
      baseline: baseline.name,
      candidate: candidate.name,
      scenarios: ids.length,
      counts,
      ...difference,
      pValue: pValues[i]!,
      adjustedPValue: adjusted[i]!,
      verdict: adjusted[i]! >= SIGNIFICANCE ? 'tied' : difference.difference > 0 ? 'better' : 'worse',
      detectableDifference: detectableDifference(ids.length, counts.onlyA + counts.onlyB),
      discordant: discordantOf(ids, baseline, candidate),
    };
  });
}

const isCorrect = ({ outcomes }: Candidate, id: string): boolean =>
  outcomes.get(id)!.judgement.outcome === 'correct';

function count(ids: readonly string[], a: Candidate, b: Candidate): PairedCounts {
  const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
  for (const id of ids) {
    const [inA, inB] = [isCorrect(a, id), isCorrect(b, id)];
    counts[inA && inB ? 'both' : inA ? 'onlyA' : inB ? 'onlyB' : 'neither']++;
  }
  return counts;
}

function discordantOf(ids: readonly string[], a: Candidate, b: Candidate): Discordant[] {
  return ids
    .filter((id) => isCorrect(a, id) !== isCorrect(b, id))
    .map((scenarioId) => {
      const { category, expected, judgement } = a.outcomes.get(scenarioId)!;
      const candidate = b.outcomes.get(scenarioId)!.judgement.outcome;
      return { scenarioId, category, expected, baseline: judgement.outcome, candidate };
    });
}
