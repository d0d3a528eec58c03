/** The runs that are compared, and a search for more of them. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Flag, Plus, X } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { RunSummary } from '../../../../api/run';
import { Accuracy } from '../../components/accuracy';
import { Badge } from '../../components/badge';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { DataTable } from '../../components/data-table';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { TextField } from '../../components/field';
import { Time } from '../../components/figures';
import { MOST_PICKED } from '../../components/pick-run';
import { RunLink } from '../../components/run-link';
import { SkeletonRows } from '../../components/skeleton';
import { runsQuery } from '../../lib/queries';
import { withBaseline } from './picked-runs';

interface Props {
  readonly picked: readonly string[];
  readonly onPick: (picked: readonly string[]) => void;
}

export function RunPicker({ picked, onPick }: Props) {
  const [opened, setOpened] = useState(false);
  const full = picked.length >= MOST_PICKED;
  const searching = !full && (opened || picked.length < 2);
  return (
    <Card
      title="Runs"
      description={
        picked.length === 0
          ? 'Pick the baseline first, then one to five runs to hold against it.'
          : picked.length === 1
            ? 'Pick at least one more, to hold against the baseline.'
            : undefined
      }
      actions={
        picked.length >= 2 && (
          <Button aria-expanded={searching} disabled={full} onClick={() => setOpened(!opened)}>
            <Plus aria-hidden />
            {full ? 'Six is the most' : 'Add a run'}
          </Button>
        )
      }
      bodyClassName="grid gap-4"
    >
      {picked.length > 0 && (
        <ol className="grid gap-2">
          {picked.map((runId, i) => (
            <li key={runId} className="flex min-w-0 flex-wrap items-center gap-2">
              {i === 0 ? <Badge tone="accent">Baseline</Badge> : <Badge>Candidate {i}</Badge>}
              <code className="min-w-0 grow basis-44 font-mono text-xs break-all">{runId}</code>
              {i > 0 && (
                <Button size="small" variant="quiet" onClick={() => onPick(withBaseline(picked, runId))}>
                  <Flag aria-hidden />
                  Make baseline
                  <span className="sr-only"> of {runId}</span>
                </Button>
              )}
              <Button size="icon" variant="quiet" onClick={() => onPick(picked.filter((id) => id !== runId))}>
                <X aria-hidden />
                <span className="sr-only">Take {runId} away</span>
              </Button>
            </li>
          ))}
        </ol>
      )}
      {searching && <Search picked={picked} onPick={onPick} />}
    </Card>
  );
}

function Search({ picked, onPick }: Props) {
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const query = useInfiniteQuery(runsQuery({ state: 'COMPLETED', ...(q && { q }) }));
  const runs = query.data?.pages.flatMap(({ items }) => items).filter(({ runId }) => !picked.includes(runId));
  return (
    <div className="grid gap-3 border-t border-line pt-4 [&>*]:min-w-0">
      <TextField
        label="Find a completed run by its id, model, branch or commit"
        type="search"
        className="max-w-md"
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.target.value)}
      />
      {query.error ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : !runs ? (
        <SkeletonRows rows={4} />
      ) : (
        <div className="max-h-96 overflow-y-auto rounded-md border border-line">
          <DataTable
            caption="Completed runs"
            rows={runs}
            rowKey={({ runId }) => runId}
            empty={
              <EmptyState title={q ? 'No other completed run is like this' : 'No other run is complete'}>
                {q ? 'Look for less of it.' : 'Runs stand here when they are complete.'}
              </EmptyState>
            }
            columns={[
              {
                id: 'add',
                header: <span className="sr-only">Add</span>,
                className: 'w-0',
                cell: (run) => (
                  <Button size="small" onClick={() => onPick([...picked, run.runId])}>
                    <Plus aria-hidden />
                    {picked.length === 0 ? 'Baseline' : 'Add'}
                    <span className="sr-only"> {run.runId}</span>
                  </Button>
                ),
              },
              { id: 'run', header: 'Run', className: 'min-w-44', cell: (run) => <RunLink run={run} /> },
              { id: 'accuracy', header: 'Accuracy', cell: (run) => <Outcome run={run} /> },
              { id: 'spec', header: 'Asked', cell: (run) => <Asked run={run} /> },
              {
                id: 'ended',
                header: 'Ended',
                cell: (run) => <Time value={run.endedAt ?? run.createdAt} relative />,
              },
            ]}
          />
        </div>
      )}
    </div>
  );
}

const Outcome = ({ run: { outcome } }: { readonly run: RunSummary }) =>
  outcome ? <Accuracy {...outcome} bar={false} /> : '–';

const Asked = ({ run }: { readonly run: RunSummary }) => (
  <span className="whitespace-nowrap">
    {run.spec}, seed {run.seed}
    {run.comparable === false && <span className="block text-xs text-warn">not comparable</span>}
  </span>
);
