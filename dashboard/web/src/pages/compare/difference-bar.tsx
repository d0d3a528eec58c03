/** A difference of two accuracies and its interval, drawn round zero. */
import type { RunComparison } from '../../../../api/compare';

interface Props extends Pick<RunComparison, 'difference' | 'interval95' | 'verdict'> {
  /** Largest difference of the axis, on both sides: the same for all that stand under one another. */
  readonly reach: number;
}

const COLOR = { better: 'bg-good', worse: 'bg-bad', tied: 'bg-soft' } as const;

/** Decoration: the figures stand beside it as text. */
export function DifferenceBar({ difference, interval95, verdict, reach }: Props) {
  const at = (value: number) =>
    `${(50 + (Math.max(-reach, Math.min(reach, value)) / reach) * 50).toFixed(2)}%`;
  const width = `${(((interval95.high - interval95.low) / reach) * 50).toFixed(2)}%`;
  return (
    <span aria-hidden className="relative block h-4 w-full min-w-32 overflow-hidden">
      <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
      <span className="absolute inset-y-0 left-1/2 w-px bg-control" />
      <span
        className={`absolute top-1/2 h-1.5 -translate-y-1/2 rounded-full opacity-35 ${COLOR[verdict]}`}
        style={{ left: at(interval95.low), width }}
      />
      <span
        className={`absolute top-1/2 size-2.5 -translate-1/2 rounded-full ring-2 ring-card ${COLOR[verdict]}`}
        style={{ left: at(difference) }}
      />
    </span>
  );
}
