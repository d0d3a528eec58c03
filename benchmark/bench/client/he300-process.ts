/** What the runner does for each scenario, so many times: `REQUESTS CONCURRENCY URL`. Scoring, timing and the log are on. */
import { join } from 'node:path';
import type { Sample } from '../../src/contract/sample';
import type { Scenario } from '../../src/contract/suite';
import { OpenAiEngine } from '../../src/engines/openai';
import { windowOf } from '../../src/measure/performance-window';
import { steadyStretch } from '../../src/measure/steady-state';
import { HE300_V1 } from '../../src/prompts/he300-v1';
import { askAll } from '../../src/run/pass';
import { SampleLog } from '../../src/run/sample-log';
import { MODEL, QUESTION } from './work';

async function main([requests, concurrency, url]: readonly string[]): Promise<void> {
  const scenarios = Array.from({ length: Number(requests) }, (_, index) => {
    const scenario: Scenario = {
      id: `bench:echo:${String(index).padStart(5, '0')}`,
      category: 'commonsense',
      input: QUESTION,
      expected: 0,
    };
    return { index, scenario };
  });
  const log = SampleLog.open(join(process.cwd(), 'samples.jsonl'));
  const engine = new OpenAiEngine({
    baseUrl: new URL(url!),
    model: MODEL,
    generation: { temperature: 0, maxTokens: 256, seed: 42 },
  });
  const samples: Sample[] = [];
  const report = await askAll(scenarios, {
    engine,
    promptSet: HE300_V1,
    pass: 'scored',
    concurrency: Number(concurrency),
    requestTimeLimitMs: 60_000,
    onSample: (sample) => {
      log.append(sample);
      samples.push(sample);
    },
    stop: new AbortController().signal,
  });
  await log.close();
  await engine.close();
  const correct = samples.filter(({ judgement }) => judgement.outcome === 'correct').length;
  if (correct !== scenarios.length) throw new Error(`${correct} of ${scenarios.length} answers are correct`);
  // As the report of a run does: without the warm-up.
  const { fromMs, toMs } = steadyStretch(report.requests) ?? {
    fromMs: report.startedMs,
    toMs: report.endedMs,
  };
  const { endToEndMs } = windowOf(report.requests, fromMs, toMs);
  console.log(JSON.stringify({ p99Ms: endToEndMs.p99 }));
}

void main(process.argv.slice(2));
