/** Names of the lines of a chart, each with its stroke: HTML, so that it wraps and is read aloud. */
import { type Mark, mark } from './palette';

interface Props {
  readonly labels: readonly string[];
  /** @default - the marks of the series, in their order */
  readonly marks?: readonly Mark[];
}

export function Legend({ labels, marks }: Props) {
  return (
    <ul className="text-soft flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {labels.map((label, i) => {
        const { color, dash } = marks?.[i] ?? mark(i);
        return (
          <li key={label} className="flex min-w-0 items-center gap-1.5">
            <svg aria-hidden width="22" height="8" className="shrink-0">
              <line x1="0" y1="4" x2="22" y2="4" stroke={color} strokeWidth="2.5" strokeDasharray={dash} />
            </svg>
            <span className="min-w-0 break-all">{label}</span>
          </li>
        );
      })}
    </ul>
  );
}
