/** What a search for a concurrency found, as text. */
import type { LoadReport } from '../run/load-alone';
import { oneLine } from '../one-line';
import { verdictWords } from '../share/shown';
import { columns } from './columns';
import { amount, ms } from './format';

export function loadText({ model, engine, prompts, host, saturation }: LoadReport): string {
  const { verdict, chosenConcurrency, peakTokensPerSecond, windows, evidence, warnings, unknowns } =
    saturation;
  const machine = host.gpu ? `${host.gpu.count} × ${host.gpu.name}` : `${host.cpus} CPUs, no GPU`;
  const slots = engine.slots === null ? 'slots unknown' : `${engine.slots} slots`;
  const rows = windows.map((window) => [
    String(window.concurrency),
    amount(window.tokensPerSecond),
    amount(window.requestsPerSecond),
    ms(window.p95Ms),
  ]);
  const table = columns([['in flight', 'tokens/s', 'requests/s', 'p95 ms'], ...rows]);
  const lines = [
    `load of ${model.name} on ${engine.server ?? engine.name}, ${slots}; asked from ${machine}, prompts ${prompts.name} v${prompts.version}`,
    '',
    `${table[0]!}  why it was tried`,
    ...windows.map(({ reason }, i) => `${table[i + 1]!}  ${reason}`),
    '',
    `${verdictWords(verdict)}: ${chosenConcurrency} in flight, peak ${amount(peakTokensPerSecond ?? 0)} tokens/s`,
    ...evidence.map((line) => `  ${line}`),
    ...(warnings ?? []).map((line) => `  warning: ${line}`),
    ...(unknowns ?? []).map((line) => `  not known: ${line}`),
  ];
  return `${lines.map(oneLine).join('\n')}\n`;
}
