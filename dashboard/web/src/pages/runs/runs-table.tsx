/** The runs as a table. */
import { Bot, Clock, GitBranch, GitPullRequest, Hand, type LucideIcon, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RunQuery, RunSummary } from '../../../../api/run';
import { Accuracy } from '../../components/accuracy';
import { type Column, DataTable } from '../../components/data-table';
import { Elapsed, Time, Usd } from '../../components/figures';
import { PickRun } from '../../components/pick-run';
import { Progress } from '../../components/progress';
import { RunLink } from '../../components/run-link';
import { SignatureMark } from '../../components/signature-mark';
import { StateBadge } from '../../components/state-badge';
import { Throughput } from '../../components/throughput';
import { whole } from '../../lib/format';
import { ENDED, lastSign, TRIGGER_LABEL } from '../../lib/labels';
import { directionOf, nextSort, type RunSearch, type RunSort } from '../../lib/run-search';

export interface RunsTableProps {
  readonly runs: readonly RunSummary[];
  readonly search: RunSearch;
  readonly onSort: (sort: RunQuery['sort'] | undefined) => void;
  readonly picked: readonly string[];
  readonly onPick: (picked: readonly string[]) => void;
  readonly empty: ReactNode;
}

export function RunsTable({ runs, search, onSort, picked, onPick, empty }: RunsTableProps) {
  const sort = (by: RunSort) => ({
    direction: directionOf(search, by),
    toggle: () => onSort(nextSort(search, by)),
  });
  const columns: readonly Column<RunSummary>[] = [
    {
      id: 'run',
      header: 'Run',
      rowHeader: true,
      className: 'w-72 max-w-72 min-w-60 max-sm:max-w-44 max-sm:min-w-44',
      sort: sort('model'),
      cell: (run) => (
        <span className="flex items-center gap-3 max-sm:gap-2">
          <PickRun run={run} picked={picked} onPick={onPick} />
          <RunLink run={run} />
        </span>
      ),
    },
    { id: 'state', header: 'State', cell: (run) => <State run={run} /> },
    {
      id: 'accuracy',
      header: 'Accuracy',
      className: 'w-80 min-w-72',
      sort: sort('accuracy'),
      cell: (run) => <Score run={run} />,
    },
    {
      id: 'spec',
      header: 'Spec',
      cell: (run) => (run.spec === null ? <Dash /> : <Spec run={run} />),
    },
    {
      id: 'throughput',
      header: 'Throughput',
      sort: sort('requestsPerSecond'),
      cell: (run) => <Throughput run={run} />,
    },
    {
      id: 'cost',
      header: 'Cost',
      align: 'right',
      sort: sort('costUsd'),
      cell: (run) => <Usd value={run.costUsd} />,
    },
    { id: 'from', header: 'From', cell: (run) => <From run={run} /> },
    { id: 'created', header: 'Created', sort: sort('createdAt'), cell: (run) => <When run={run} /> },
  ];
  return (
    <DataTable
      caption="Runs"
      columns={columns}
      rows={runs}
      rowKey={(run) => run.runId}
      rowClassName={(run) =>
        picked.includes(run.runId) ? 'bg-accent-soft hover:bg-accent-soft [&>th]:bg-accent-soft!' : undefined
      }
      empty={empty}
    />
  );
}

const Dash = () => <span className="text-soft">–</span>;

const State = ({ run }: { readonly run: RunSummary }) => (
  <span className="grid justify-items-start gap-0.5">
    <StateBadge state={run.state} />
    {run.signature === 'invalid' && <SignatureMark signature="invalid" />}
  </span>
);

function Score({ run }: { readonly run: RunSummary }) {
  if (run.outcome) return <Accuracy {...run.outcome} />;
  const { progress } = run;
  if (!progress || progress.total === 0) return <Dash />;
  const { done, total, phase } = progress;
  return (
    <span className="grid gap-1">
      <span className="flex justify-between gap-3 text-xs whitespace-nowrap text-soft">
        <span>{phase ?? ''}</span>
        <span>
          {whole(done)} of {whole(total)}
        </span>
      </span>
      {ENDED.includes(run.state) ? null : (
        <Progress done={done} total={total} label={`Scored by ${run.runId}`} stopped={run.state === 'LOST'} />
      )}
    </span>
  );
}

const Spec = ({ run }: { readonly run: RunSummary }) => (
  <span className="grid whitespace-nowrap">
    <span>
      {run.spec} · seed {run.seed}
    </span>
    {run.comparable === false && (
      <span className="text-xs text-warn" title="Not the whole sample, or prompts of one’s own">
        Not comparable
      </span>
    )}
  </span>
);

const ICON: Readonly<Record<NonNullable<RunSummary['triggerKind']>, LucideIcon>> = {
  manual: Hand,
  'pull-request': GitPullRequest,
  push: GitBranch,
  schedule: Clock,
  dispatch: Play,
};

function From({ run }: { readonly run: RunSummary }) {
  if (run.triggerKind === null) return <Dash />;
  const Icon = ICON[run.triggerKind] ?? Bot;
  const place = run.pullRequest === null ? run.branch : `#${run.pullRequest}`;
  return (
    <span className="grid max-w-44">
      <span className="flex items-center gap-1.5 whitespace-nowrap">
        <Icon aria-hidden className="size-3.5 text-soft" />
        {TRIGGER_LABEL[run.triggerKind]}
      </span>
      <span className="truncate text-xs text-soft" title={run.branch ?? undefined}>
        {[place, run.commit?.slice(0, 7)].filter(Boolean).join(' · ') || run.environment}
      </span>
    </span>
  );
}

const When = ({ run }: { readonly run: RunSummary }) => (
  <span className="grid whitespace-nowrap">
    <Time value={run.createdAt} relative />
    {run.startedAt && (
      <span className="text-xs text-soft">
        {run.endedAt ? 'took ' : 'for '}
        <Elapsed from={run.startedAt} to={lastSign(run)} />
      </span>
    )}
  </span>
);
