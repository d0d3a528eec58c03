/** How an answer was judged. Each outcome has a shape of its own. */
import type { Outcome } from '@he300/benchmark/contract';
import { Check, CircleHelp, TriangleAlert, X } from 'lucide-react';
import { OUTCOME_LABEL } from '../lib/labels';
import { Badge } from './badge';

const LOOK = {
  correct: { tone: 'good', icon: Check },
  wrong: { tone: 'bad', icon: X },
  unknown: { tone: 'warn', icon: CircleHelp },
  error: { tone: 'warn', icon: TriangleAlert },
} as const;

export function OutcomeBadge({ outcome }: { readonly outcome: Outcome }) {
  const { tone, icon: Icon } = LOOK[outcome];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {OUTCOME_LABEL[outcome]}
    </Badge>
  );
}
