/** What a run is doing. Each state has a shape of its own; the running one beats. */
import type { RunState } from '@he300/benchmark/contract';
import { Ban, CircleCheck, CircleDashed, CircleX, RadioTower, type LucideIcon } from 'lucide-react';
import { cn } from '../lib/cn';
import { STATE_LABEL } from '../lib/labels';
import { Badge, type Tone } from './badge';

const LOOK: Readonly<
  Record<Exclude<RunState, 'RUNNING'>, { readonly tone: Tone; readonly icon: LucideIcon }>
> = {
  PENDING: { tone: 'neutral', icon: CircleDashed },
  COMPLETED: { tone: 'good', icon: CircleCheck },
  FAILED: { tone: 'bad', icon: CircleX },
  CANCELLED: { tone: 'neutral', icon: Ban },
  LOST: { tone: 'warn', icon: RadioTower },
};

export interface StateBadgeProps {
  readonly state: RunState;
  /** As a word for the state, rather than for a run that is in it: nothing beats. @default false */
  readonly still?: boolean;
}

export function StateBadge({ state, still = false }: StateBadgeProps) {
  if (state === 'RUNNING')
    return (
      <Badge tone="accent">
        <span
          aria-hidden
          className={cn('mx-[3px] size-2 rounded-full bg-current', !still && 'animate-beat')}
        />
        {STATE_LABEL.RUNNING}
      </Badge>
    );
  const { tone, icon: Icon } = LOOK[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {STATE_LABEL[state]}
    </Badge>
  );
}
