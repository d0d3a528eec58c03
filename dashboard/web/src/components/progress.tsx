/** How much of a run is done. */
import { cn } from '../lib/cn';
import { percent, whole } from '../lib/format';

export interface ProgressProps {
  readonly done: number;
  readonly total: number;
  /** Of what, such as the run's name. */
  readonly label: string;
  /** Nothing moves any more. @default false */
  readonly stopped?: boolean;
}

export function Progress({ done, total, label, stopped = false }: ProgressProps) {
  const part = total === 0 ? 0 : Math.min(1, done / total);
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={`${whole(done)} of ${whole(total)}, ${percent(part, 0)}`}
      className="block h-1.5 min-w-24 overflow-hidden rounded-full bg-line"
    >
      <span
        className={cn(
          'block h-full rounded-full transition-[width] duration-500',
          stopped ? 'bg-control' : 'bg-accent',
        )}
        style={{ width: `${part * 100}%` }}
      />
    </span>
  );
}
