/** What a paired test says of a run against another. */
import { ArrowDown, ArrowUp, Equal } from 'lucide-react';
import type { RunComparison } from '../../../api/compare';
import { Badge } from './badge';

const LOOK = {
  better: { tone: 'good', icon: ArrowUp, text: 'Better' },
  worse: { tone: 'bad', icon: ArrowDown, text: 'Worse' },
  tied: { tone: 'neutral', icon: Equal, text: 'Tied' },
} as const;

export function VerdictBadge({ verdict }: { readonly verdict: RunComparison['verdict'] }) {
  const { tone, icon: Icon, text } = LOOK[verdict];
  return (
    <Badge
      tone={tone}
      title={verdict === 'tied' ? 'No difference was shown, not that there is none' : undefined}
    >
      <Icon aria-hidden />
      {text}
    </Badge>
  );
}
