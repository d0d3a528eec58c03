/**
 * A copy of a run that does not tell who ran it, where, and when: for a review in which nobody may know, or for the
 * public. What somebody needs to ask the same again stays: model, prompts, sample, kind of machine.
 */
import { hash } from 'node:crypto';
import type { Saturation } from '../contract/performance';
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { Verified } from '../run/verify';
import { scrubber } from './scrub';
import type { Shown } from './shown';

const DAY_MS = 86_400_000;

export function anonymized({ results, samples, signature }: Verified): Shown {
  const { trigger, host, runId } = results;
  const { actor, repository, branch, commit } = trigger;
  const names = [runId, host.id, actor, repository, ...(repository?.split('/') ?? []), branch, commit];
  const scrub = scrubber(names.filter((name) => name !== undefined));
  const shift = Date.parse(results.startedAt) % DAY_MS;
  const earlier = (at: string): string => new Date(Date.parse(at) - shift).toISOString();
  return {
    results: anonymousResults(results, { runId: pseudonym(signature), scrub, earlier }),
    samples: samples && samples.map((sample) => anonymousSample(sample, earlier)),
    publicKey: null,
  };
}

/** Whoever has the original can tell that it is the same run, and nobody else: the signature cannot be guessed. */
const pseudonym = (signature: string): string => `anon-${hash('sha256', signature).slice(0, 16)}`;

interface Veil {
  readonly runId: string;
  readonly scrub: (text: string) => string;
  /** Moves a time so that the run begins with its day: dates and distances stay, the hour goes. */
  readonly earlier: (at: string) => string;
}

function anonymousResults(results: Results, { runId, scrub, earlier }: Veil): Results {
  const { startedAt, endedAt, partial, trigger, model, engine, host, performance, score } = results;
  return {
    ...results,
    runId,
    startedAt: earlier(startedAt),
    endedAt: earlier(endedAt),
    partial: partial && { ...partial, reason: scrub(partial.reason) },
    trigger: { kind: trigger.kind },
    model: { ...model, name: withoutPath(model.name) },
    engine: { ...engine, server: engine.server === null ? null : scrub(engine.server) },
    host: { ...host, id: 'anonymous', region: null },
    score: score.judge
      ? { ...score, judge: { ...score.judge, model: withoutPath(score.judge.model) } }
      : score,
    performance: {
      ...performance,
      saturation: anonymousSaturation(performance.saturation, scrub),
      concurrencyChanges: performance.concurrencyChanges.map((change) => ({
        ...change,
        reason: withoutQuote(change.reason) ?? 'the server refused',
      })),
    },
  };
}

function anonymousSaturation(saturation: Saturation, scrub: Veil['scrub']): Saturation {
  const { evidence, warnings, unknowns, windows } = saturation;
  return {
    ...saturation,
    evidence: evidence.map(scrub),
    ...(warnings ? { warnings: warnings.map(scrub) } : {}),
    ...(unknowns ? { unknowns: unknowns.map(scrub) } : {}),
    windows: windows.map((window) => ({ ...window, reason: scrub(window.reason) })),
  };
}

/** The answer stays: a model knows nothing of who asks. */
const anonymousSample = (sample: Sample, earlier: Veil['earlier']): Sample => ({
  ...sample,
  error: sample.error && { ...sample.error, message: withoutQuote(sample.error.message) ?? '' },
  timing: { ...sample.timing, scheduledAt: earlier(sample.timing.scheduledAt) },
});

/** What a server says of an error may name anything: only what we wrote ourselves stays of it. */
const withoutQuote = (text: string): string | undefined =>
  /^HTTP \d{3}(?=$|:)|^\d+ answers without a refusal$/.exec(text)?.[0];

/** A model that is a file is named by its file, but `organization/model` is a name. */
const withoutPath = (name: string): string =>
  /^(?:~|\.{1,2})?[\\/]|^[A-Za-z]:[\\/]|\\|\.gguf$|^[a-z]+:\/\//i.test(name)
    ? (name.split(/[\\/]/).findLast((part) => part !== '') ?? 'model')
    : name;
