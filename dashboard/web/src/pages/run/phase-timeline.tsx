/** How the time of the host passed, phase by phase. */
import type { RunDetail } from '../../../../api/run';
import { timeline } from '../../charts/timeline';
import { ChartFrame } from '../../components/chart-frame';
import { Time } from '../../components/figures';
import { duration } from '../../lib/format';
import { ENDED } from '../../lib/labels';
import { useNow } from '../../lib/now';
import { PHASE_LABEL } from './phase-words';

const part = (value: number) => `${(value * 100).toFixed(3)}%`;

export function PhaseTimeline({ run }: { readonly run: RunDetail }) {
  const now = useNow(1000);
  const until = ENDED.includes(run.state) && run.endedAt !== null ? Date.parse(run.endedAt) : now;
  const { rows, seconds } = timeline(run.phases, until);
  const table = {
    columns: ['Phase', 'From', 'To', 'Time'],
    rows: rows.flatMap(({ phase, bars }) =>
      bars.map((bar) => [
        PHASE_LABEL[phase],
        <Time key="from" value={bar.from} />,
        bar.to === null ? 'goes on' : <Time key="to" value={bar.to} />,
        duration(bar.seconds),
      ]),
    ),
  };
  return (
    <ChartFrame
      title="Timeline"
      description={`${duration(seconds)} from the first word of the host to the last.`}
      table={table}
    >
      <ol className="grid gap-1.5 py-1">
        {rows.map(({ phase, bars, seconds }) => (
          <li
            key={phase}
            className="grid grid-cols-[1fr_auto] items-center gap-x-3 text-sm sm:grid-cols-[9.5rem_1fr_5rem]"
          >
            <span className="truncate">{PHASE_LABEL[phase]}</span>
            <span
              aria-hidden
              className="relative order-3 col-span-2 block h-4 rounded-sm bg-sunken sm:order-none sm:col-span-1"
            >
              {bars.map((bar) => (
                <span
                  key={bar.from}
                  className={`absolute inset-y-0 min-w-[3px] rounded-sm ${bar.to === null && !ENDED.includes(run.state) ? 'animate-beat bg-accent' : 'bg-accent/80'}`}
                  style={{ left: `min(${part(bar.left)}, calc(100% - 3px))`, width: part(bar.width) }}
                />
              ))}
            </span>
            <span className="figures text-right text-soft">{duration(seconds)}</span>
          </li>
        ))}
      </ol>
    </ChartFrame>
  );
}
