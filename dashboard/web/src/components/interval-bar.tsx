/** An accuracy drawn: its 95 % interval, the point, and the majority baseline. The same axis, 0 to 100 %, everywhere. */
import { cn } from '../lib/cn';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface IntervalBarProps {
  readonly accuracy: number;
  readonly wilson95: Interval;
  readonly majorityBaseline: number;
  /** Draws the axis’ quarters too, and the point as a dot. @default false */
  readonly grid?: boolean;
  readonly className?: string | undefined;
}

const at = (proportion: number) => `${(proportion * 100).toFixed(2)}%`;

/** Decoration: the figures stand beside it as text. */
export function IntervalBar({
  accuracy,
  wilson95,
  majorityBaseline,
  grid = false,
  className,
}: IntervalBarProps) {
  return (
    <span aria-hidden className={cn('relative block h-3 min-w-20', className)}>
      <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
      {grid &&
        [0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <span key={tick} className="absolute -inset-y-2 w-px bg-grid" style={{ left: at(tick) }} />
        ))}
      <span
        className="absolute top-1/2 h-1.5 -translate-y-1/2 rounded-full bg-accent/45"
        style={{ left: at(wilson95.low), width: at(wilson95.high - wilson95.low) }}
      />
      <span
        className="absolute top-0 h-full w-[2px] -translate-x-1/2 bg-baseline"
        style={{ left: at(majorityBaseline) }}
      />
      <span
        className={cn(
          'absolute top-1/2 -translate-1/2 bg-accent',
          grid ? 'size-2 rounded-full ring-[1.5px] ring-card' : 'h-3 w-[3px] rounded-full',
        )}
        style={{ left: at(accuracy) }}
      />
    </span>
  );
}
