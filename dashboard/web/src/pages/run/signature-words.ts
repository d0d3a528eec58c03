/** What the state of a run's signature means, for those who must decide whether to believe it. */
import type { RunSummary } from '../../../../api/run';
import type { Tone } from '../../components/badge';

interface SignatureWords {
  readonly tone: Tone;
  readonly label: string;
  readonly meaning: string;
}

export const SIGNATURE: Readonly<Record<RunSummary['signature'], SignatureWords>> = {
  verified: {
    tone: 'good',
    label: 'Signature verified',
    meaning:
      'The results came, signed by the key that the run registered at its start, and the answers kept here are those that the results bind. Latencies and telemetry are not covered.',
  },
  missing: {
    tone: 'neutral',
    label: 'Not signed yet',
    meaning:
      'No signed results came. Each event was signed by the host, but nothing binds the answers to the score.',
  },
  invalid: {
    tone: 'bad',
    label: 'Signature does not hold',
    meaning:
      'What came is not what the run signed: do not rely on these figures. Look at the reason, and at the file itself under Artifacts.',
  },
};
