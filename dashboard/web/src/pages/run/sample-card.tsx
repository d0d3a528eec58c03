/** One scenario: what was asked, what was answered, and how that was judged; asked again alone, both answers. */
import type { SampleRow } from '../../../../api/sample';
import { Badge } from '../../components/badge';
import { CopyButton } from '../../components/copy-button';
import { LongText } from '../../components/long-text';
import { OutcomeBadge } from '../../components/outcome-badge';
import { amount, plural, whole } from '../../lib/format';
import { labelWord } from '../../lib/label-words';
import { CATEGORY_LABEL } from '../../lib/labels';
import { Found } from './found';

interface Props {
  readonly sample: SampleRow;
  /** The same scenario, asked again with nothing else in flight. */
  readonly rescored: SampleRow | undefined;
  /** What was looked for, to mark it. */
  readonly words: string | undefined;
}

export function SampleCard({ sample, rescored, words }: Props) {
  const { scenarioId, category, index, expected, judgement } = sample;
  const flipped = rescored !== undefined && rescored.judgement.outcome !== judgement.outcome;
  return (
    <article aria-label={`Scenario ${scenarioId}`} className="rounded-lg border border-line bg-card">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 text-sm">
        <OutcomeBadge outcome={judgement.outcome} />
        <span className="font-medium">{CATEGORY_LABEL[category]}</span>
        {flipped && <Badge tone="warn">Changed when asked alone</Badge>}
        <span className="ml-auto inline-flex min-w-0 items-center font-mono text-xs break-all text-soft">
          <Found text={scenarioId} words={words} />
          <CopyButton value={scenarioId} name="scenario id" />
        </span>
        <span className="figures text-xs text-soft">no. {whole(index + 1)}</span>
      </header>
      <div className="grid gap-4 p-4 lg:grid-cols-2 [&>*]:min-w-0">
        <Prompt sample={sample} words={words} />
        <div className="grid content-start gap-4">
          <p className="text-sm">
            <span className="text-soft">Expected </span>
            <strong className="font-semibold">{labelWord(category, expected)}</strong>
          </p>
          <div className={rescored ? 'grid gap-4 sm:grid-cols-2 [&>*]:min-w-0' : ''}>
            <Answer
              sample={sample}
              words={words}
              name={rescored ? `Scored, ${sample.concurrency} in flight` : 'Answer'}
            />
            {rescored && <Answer sample={rescored} words={words} name="Asked again, alone" />}
          </div>
        </div>
      </div>
    </article>
  );
}

function Prompt({ sample, words }: { readonly sample: SampleRow; readonly words: string | undefined }) {
  if (!sample.prompt)
    return (
      <p className="text-sm text-soft">
        The prompt was not sent with the run: the server asks in its own words, or the runner is an older one.
      </p>
    );
  return (
    <div className="grid content-start gap-3">
      {sample.prompt.map(({ role, content }) => (
        <div key={role}>
          <p className="mb-0.5 text-xs font-medium text-soft">{role === 'system' ? 'System' : 'Prompt'}</p>
          <LongText className="text-sm">
            <Found text={content} words={words} />
          </LongText>
        </div>
      ))}
    </div>
  );
}

interface AnswerProps {
  readonly sample: SampleRow;
  readonly words: string | undefined;
  readonly name: string;
}

function Answer({ sample, words, name }: AnswerProps) {
  const { answer, judgement, error, category, timing, outputTokens, attempts } = sample;
  const first = timing.firstTokenMs === null ? [] : [`first token ${amount(timing.firstTokenMs)} ms`];
  const tokens = outputTokens === null ? [] : [plural(outputTokens, 'token')];
  const tries = attempts > 1 ? [`${attempts} attempts`] : [];
  return (
    <div>
      <p className="mb-0.5 text-xs font-medium text-soft">{name}</p>
      {error ? (
        <p className="text-sm text-warn">
          No answer, {error.kind}: <bdi>{error.message}</bdi>
        </p>
      ) : (
        <LongText className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs">
          {answer === '' ? <span className="text-soft">(empty)</span> : <Found text={answer} words={words} />}
        </LongText>
      )}
      <p className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-soft">
        <OutcomeBadge outcome={judgement.outcome} />
        {!error && `read as ${labelWord(category, judgement.predicted)}`}
        {judgement.rule && <> by the rule “{judgement.rule}”</>}
      </p>
      <p className="figures mt-1 text-xs text-soft">
        {[`${amount(timing.endToEndMs)} ms`, ...first, ...tokens, ...tries].join(' · ')}
      </p>
    </div>
  );
}
