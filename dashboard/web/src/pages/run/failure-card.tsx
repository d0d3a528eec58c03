/** Why a run ended before its end. */
import type { RunDetail } from '../../../../api/run';
import { Card } from '../../components/card';
import { CopyButton } from '../../components/copy-button';
import { percent } from '../../lib/format';
import { PHASE_LABEL } from './phase-words';

export function FailureCard({ run: { failure, cancellation, state, runId } }: { readonly run: RunDetail }) {
  if (cancellation && state === 'CANCELLED')
    return (
      <Card title="Cancelled" className="mb-5">
        <p>
          By <bdi>{cancellation.by}</bdi>: <bdi>{cancellation.reason}</bdi>
        </p>
      </Card>
    );
  if (!failure || state !== 'FAILED') return null;
  const { phase, cause, logTail, interrupted, scored } = failure;
  return (
    <Card
      title={`Failed in “${PHASE_LABEL[phase]}”`}
      description={`${percent(scored, 0)} of the scenarios were scored.`}
      className="mb-5 border-bad/50"
      actions={logTail && <CopyButton value={logTail} name="log" withText />}
    >
      <p className="mb-2 font-medium text-bad">
        <bdi>{cause}</bdi>
      </p>
      {interrupted && (
        <p className="mb-2 text-sm">
          The host was taken away, or its time was over. Another host can go on with what is there:{' '}
          <code className="font-mono text-xs">HE300_RESUME={runId}</code> at the next deploy.
        </p>
      )}
      {logTail && (
        <pre
          tabIndex={0}
          aria-label="Last lines of the log"
          className="max-h-72 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap"
        >
          {logTail}
        </pre>
      )}
    </Card>
  );
}
