/** Which run it is, how it stands, and where one can go with it. */
import { Link } from '@tanstack/react-router';
import { GitCompareArrows, TrendingUp } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RunDetail } from '../../../../api/run';
import { Badge } from '../../components/badge';
import { Button } from '../../components/button';
import { CopyButton } from '../../components/copy-button';
import { Elapsed, Time } from '../../components/figures';
import { PageHeader } from '../../components/page-header';
import { SignatureMark } from '../../components/signature-mark';
import { StateBadge } from '../../components/state-badge';

export function RunHeader({ run }: { readonly run: RunDetail }) {
  const { runId, model, state, spec } = run;
  return (
    <PageHeader
      title={model === null ? runId : `${model}, ${runId}`}
      heading={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <bdi className="break-all">{model ?? runId}</bdi>
          <StateBadge state={state} />
          {(run.signature !== 'missing' || state === 'COMPLETED') && (
            <SignatureMark signature={run.signature} />
          )}
          {run.comparable === false && (
            <Badge
              tone="warn"
              title="Its sample is not the one of the specification: hold it against no other figures"
            >
              Not comparable
            </Badge>
          )}
          {run.results?.partial && <Badge tone="warn">Partial</Badge>}
        </span>
      }
      description={<Description run={run} />}
      actions={
        <>
          <Button asChild>
            <Link to="/compare" search={{ runs: runId }}>
              <GitCompareArrows aria-hidden />
              Compare
            </Link>
          </Button>
          {model !== null && (
            <Button asChild>
              <Link to="/trends" search={{ model, ...(spec !== null && { spec }) }}>
                <TrendingUp aria-hidden />
                Trend
              </Link>
            </Button>
          )}
        </>
      }
    />
  );
}

function Description({ run }: { readonly run: RunDetail }) {
  const { runId, spec, seed, engineFacts, engine, gpu, startedAt, createdAt, endedAt } = run;
  const parts: (readonly [key: string, part: ReactNode])[] = [
    ['spec', spec !== null && `HE-300 ${spec}, seed ${seed}`],
    ['engine', engineFacts?.server ?? engine],
    ['gpu', gpu ?? (run.host && 'no GPU')],
    ['from', <Time key="from" value={startedAt ?? createdAt} />],
    ['for', startedAt !== null && <Elapsed key="for" from={startedAt} to={endedAt} />],
  ];
  return (
    <>
      <span className="inline-flex items-center gap-1 font-mono text-xs break-all">
        {runId} <CopyButton value={runId} name="run id" />
      </span>
      <ul className="flex flex-wrap text-sm">
        {parts
          .filter(([, part]) => part)
          .map(([key, part]) => (
            <li
              key={key}
              className="after:mx-2 after:text-control after:content-['·'] last:after:content-none"
            >
              {part}
            </li>
          ))}
      </ul>
    </>
  );
}
