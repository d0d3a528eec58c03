/** How much of a run is done. */
import { percent, whole } from '../lib/format';

export interface ProgressProps {
  readonly done: number;
  readonly total: number;
  /** Of what, such as the run's name. */
  readonly label: string;
}

export function Progress({ done, total, label }: ProgressProps) {
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
        className="block h-full rounded-full bg-accent transition-[width] duration-500"
        style={{ width: `${part * 100}%` }}
      />
    </span>
  );
}
