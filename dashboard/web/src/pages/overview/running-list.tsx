/** Runs that have not ended, with how far they are. */
import type { RunSummary } from '../../../../api/run';
import { Elapsed, Time } from '../../components/figures';
import { Progress } from '../../components/progress';
import { RunLink } from '../../components/run-link';
import { StateBadge } from '../../components/state-badge';
import { amount, duration, usd, whole } from '../../lib/format';
import { lastSign } from '../../lib/labels';

export function RunningList({ runs }: { readonly runs: readonly RunSummary[] }) {
  if (runs.length === 0)
    return (
      <p className="px-4 pb-4 text-sm text-soft">Nothing runs. The next deploy launches the next run.</p>
    );
  return (
    <ul className="divide-y divide-line border-t border-line">
      {runs.map((run) => (
        <li
          key={run.runId}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-2 px-4 py-3 lg:grid-cols-[6rem_minmax(12rem,1.2fr)_minmax(14rem,2fr)_23rem]"
        >
          <span className="order-2 justify-self-end lg:order-none lg:justify-self-start">
            <StateBadge state={run.state} />
          </span>
          <RunLink run={run} className="order-1 lg:order-none" />
          <div className="order-3 col-span-2 lg:order-none lg:col-span-1">
            <Way run={run} />
          </div>
          <Pace run={run} />
        </li>
      ))}
    </ul>
  );
}

function Way({ run }: { readonly run: RunSummary }) {
  if (run.state === 'LOST')
    return (
      <p className="text-sm text-warn">
        Last heard of <Time value={run.heardAt} relative />. Its host may be gone; the reaper ends what is
        left.
      </p>
    );
  const { progress } = run;
  if (!progress) return <p className="text-sm text-soft">Waits for its host’s first word.</p>;
  const { phase, done, total, correct } = progress;
  return (
    <div className="grid gap-1">
      <div className="figures flex flex-wrap justify-between gap-x-3 text-sm">
        <span className="text-soft">
          Phase <span className="font-medium text-ink">{phase ?? 'not told'}</span>
        </span>
        <span>
          {whole(done)} of {whole(total)}
          {done > 0 && <span className="text-soft"> · {whole(correct)} right so far</span>}
        </span>
      </div>
      <Progress done={done} total={total} label={`Scored by ${run.runId}`} />
    </div>
  );
}

function Pace({ run }: { readonly run: RunSummary }) {
  const progress = run.state === 'LOST' ? null : run.progress;
  const figures: readonly (readonly [string, React.ReactNode])[] = [
    ['in flight', progress?.concurrency && whole(progress.concurrency)],
    ['tok/s', progress?.tokensPerSecond && amount(progress.tokensPerSecond)],
    ['left', run.state === 'RUNNING' && progress?.etaSeconds && `≈ ${duration(progress.etaSeconds)}`],
    ['so far', run.startedAt && <Elapsed from={run.startedAt} to={lastSign(run)} />],
    ['spent', run.costUsd && usd(run.costUsd)],
  ];
  return (
    <dl className="figures order-4 col-span-2 flex flex-wrap gap-x-5 gap-y-1 text-sm lg:order-none lg:col-span-1 lg:flex-nowrap lg:justify-end lg:text-right">
      {figures
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name} className="flex items-baseline gap-1 lg:flex-col-reverse lg:items-end lg:gap-0">
            <dt className="order-2 text-xs whitespace-nowrap text-soft lg:order-none">{name}</dt>
            <dd className="font-medium whitespace-nowrap">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
