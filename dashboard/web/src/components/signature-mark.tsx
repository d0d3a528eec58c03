/** Whether a run's results are what the run signed. */
import { ShieldAlert, ShieldCheck, ShieldQuestionMark } from 'lucide-react';
import type { RunSummary } from '../../../api/run';
import { Badge } from './badge';

const LOOK = {
  verified: {
    tone: 'good',
    icon: ShieldCheck,
    text: 'Verified',
    title: 'Signed by the key that the run registered',
  },
  missing: { tone: 'neutral', icon: ShieldQuestionMark, text: 'No results', title: 'No signed results came' },
  invalid: { tone: 'bad', icon: ShieldAlert, text: 'Invalid', title: 'What came is not what the run signed' },
} as const;

export function SignatureMark({ signature }: Pick<RunSummary, 'signature'>) {
  const { tone, icon: Icon, text, title } = LOOK[signature];
  return (
    <Badge tone={tone} title={title}>
      <Icon aria-hidden />
      {text}
    </Badge>
  );
}
