/** Shows a run while it goes on: a line that is rewritten on a terminal, JSON lines for programs, nothing in CI. */
import type { OnProgress, RunProgress } from '../run/progress';
import { oneLine } from '../one-line';
import { percent } from '../report/format';
import type { Streams } from './run';

export function progressFor(io: Streams, json: boolean): OnProgress {
  if (json) return (progress) => io.stdout(`${JSON.stringify(progress)}\n`);
  if (io.terminalColumns === undefined) return quiet(io);
  return terminal(io, io.terminalColumns);
}

/** Nothing but what a person must know afterwards. */
const quiet =
  (io: Streams): OnProgress =>
  (progress) => {
    if (progress.type === 'note') io.stderr(`he300: ${oneLine(progress.text)}\n`);
  };

/** Often enough to be seen, seldom enough to cost nothing. */
const REDRAW_MS = 100;

function terminal(io: Streams, columns: number): OnProgress {
  let drawnMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const line = lineOf(progress);
    if (line === undefined) return;
    const passing = 'done' in progress;
    const last = passing && progress.done === progress.total;
    if (passing && !last && performance.now() - drawnMs < REDRAW_MS) return;
    drawnMs = performance.now();
    io.stderr(`\r\u001b[K${oneLine(line).slice(0, columns - 1)}${passing && !last ? '' : '\n'}`);
  };
}

function lineOf(progress: RunProgress): string | undefined {
  switch (progress.type) {
    case 'begun': {
      const { suite, model, engine } = progress.plan;
      const resumed = progress.alreadyScored > 0 ? `, ${progress.alreadyScored} of them scored already` : '';
      return `${suite.scenarios} scenarios of HE-300 ${suite.spec}${resumed}: ${model.name} on ${engine.server ?? engine.name}`;
    }
    case 'note':
      return progress.text;
    case 'window': {
      const { concurrency, tokensPerSecond, reason } = progress.window;
      return `${String(concurrency).padStart(5)} in flight  ${tokensPerSecond.toFixed(0).padStart(7)} tokens/s  ${reason}`;
    }
    case 'saturation':
      return `${progress.saturation.verdict}: ${progress.saturation.chosenConcurrency} in flight`;
    case 'scored': {
      const { done, total, correct, concurrency, outputTokensPerSecond, etaSeconds, costUsd } = progress;
      const eta = etaSeconds === null ? '' : `, ${Math.ceil(etaSeconds)} s left`;
      const cost = costUsd === null ? '' : `, $${costUsd.toFixed(2)}`;
      const rate = `${outputTokensPerSecond.toFixed(0)} tokens/s at ${concurrency}`;
      return `${bar(done, total)} ${done}/${total}  ${percent(correct / done)} right so far, ${rate}${eta}${cost}`;
    }
    case 'rescored':
      return `${bar(progress.done, progress.total)} ${progress.done}/${progress.total}  again, one at a time`;
    case 'judged':
      return `${bar(progress.done, progress.total)} ${progress.done}/${progress.total}  read by the judge`;
    case 'ended':
      return undefined;
  }
}

const bar = (done: number, total: number): string => {
  const filled = Math.round((done / total) * 20);
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`;
};
