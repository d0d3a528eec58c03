/** A run by the model that it scored, and its id. */
import { Link } from '@tanstack/react-router';
import type { RunSummary } from '../../../api/run';
import { cn } from '../lib/cn';

export interface RunLinkProps {
  readonly run: Pick<RunSummary, 'runId' | 'model'>;
  readonly className?: string;
}

export function RunLink({ run, className }: RunLinkProps) {
  return (
    <Link
      to="/runs/$runId"
      params={{ runId: run.runId }}
      className={cn('group/link grid min-w-0 rounded-sm', className)}
    >
      <span className="truncate font-medium group-hover/link:text-accent group-hover/link:underline">
        {run.model ?? 'No model yet'}
      </span>
      <span className="truncate font-mono text-xs text-soft">{run.runId}</span>
    </Link>
  );
}
