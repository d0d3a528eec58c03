/** What the marks of the trend's chart mean. */
import type { ReactNode } from 'react';

const MARKS: readonly (readonly [name: string, mark: ReactNode])[] = [
  ['No difference shown', <circle key="m" cx="8" cy="6" r="4" className="fill-series-1" />],
  ['Worse than the run before', <path key="m" d="M8 11L3 2H13Z" className="fill-bad" />],
  ['Better than the run before', <path key="m" d="M8 1L3 10H13Z" className="fill-good" />],
  [
    '95 % interval',
    <rect key="m" x="0" y="1" width="16" height="10" className="fill-series-1" opacity="0.2" />,
  ],
  [
    'Majority baseline',
    <line
      key="m"
      x1="0"
      y1="6"
      x2="16"
      y2="6"
      strokeWidth="2"
      strokeDasharray="4 3"
      className="stroke-baseline"
    />,
  ],
];

export const TrendLegend = () => (
  <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
    {MARKS.map(([name, mark]) => (
      <li key={name} className="flex items-center gap-1.5">
        <svg aria-hidden width="16" height="12" className="shrink-0">
          {mark}
        </svg>
        {name}
      </li>
    ))}
  </ul>
);
