/** Writes a run in the words of other programs. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../errors';
import { verify } from '../run/verify';
import { shown, type ShareOptions } from '../share/share';
import { writeOutput } from '../share/write-output';
import { askedScenarios } from './asked';
import { csvExport } from './csv';
import { exportedRun, type ExportedRun } from './exported';
import type { Format } from './formats';
import { inspectExport, inspectFileName } from './inspect';
import { jsonExport } from './json';
import { lmEvalExport } from './lm-eval';

export interface ExportOptions extends ShareOptions {
  readonly format: Format;
  /** File, or directory; undefined prints. */
  readonly out: string | undefined;
  /** Where the user says ETHICS is. */
  readonly dataset: string | undefined;
  /** Where ETHICS is when nobody says. */
  readonly usualDataset: string;
}

export interface ExportDone {
  /** What was written, in the order of writing. */
  readonly written: readonly string[];
  /** To be printed instead. */
  readonly printed: string;
  /** What a user should know, a sentence each. */
  readonly notes: readonly string[];
}

/** @throws InputError when the run does not hold, lacks its samples, or cannot be written */
export function exportRun(path: string, options: ExportOptions): ExportDone {
  const { format, out, withoutTexts = false } = options;
  if (format === 'lm-eval' && out === undefined)
    throw new InputError('export: lm-eval is several files; allowed: --out DIRECTORY');
  const { samples, ...run } = shown(verify(path), options);
  if (!samples)
    throw new InputError(`export: no samples beside the results in ${path}; allowed: the directory of a run`);
  const asked = askedScenarios(run.results, { directory: path, ...options });
  const exported = exportedRun({ ...run, samples }, asked, { withoutTexts });
  const { partial } = run.results;
  const notes = [
    ...(partial ? [`the run is partial: ${partial.reason}`] : []),
    ...(asked.missing !== null && !withoutTexts
      ? [`without the scenarios’ texts: ${asked.missing}; --dataset DIRECTORY names their place`]
      : []),
  ];
  return { ...deliver(exported, format, out), notes };
}

function deliver(run: ExportedRun, format: Format, out: string | undefined): Omit<ExportDone, 'notes'> {
  if (format === 'lm-eval') {
    const files = lmEvalExport(run).map(({ path, text }) => ({ file: join(out!, path), text }));
    for (const { file, text } of files) write(file, text);
    return { written: files.map(({ file }) => file), printed: '' };
  }
  const text = { csv: csvExport, json: jsonExport, inspect: inspectExport }[format](run);
  if (out === undefined) return { written: [], printed: text };
  // Inspect lists the logs of a directory by their names, and knows this kind by its ending.
  const isLog = format !== 'inspect' || out.endsWith('.json');
  const file = isLog ? out : join(out, inspectFileName(run.results));
  write(file, text);
  return { written: [file], printed: '' };
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      `export: cannot make ${dirname(file)}: ${code}; allowed: a directory that can be written`,
    );
  }
  writeOutput(file, text, 'export');
}
