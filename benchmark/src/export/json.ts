/** Everything of a run in one JSON document. */
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { Message } from '../prompts/prompt-set';
import type { ExportedRun } from './exported';

export const EXPORT_SCHEMA = 'he300.export/v1';

export interface JsonExport {
  readonly schema: typeof EXPORT_SCHEMA;
  /** Of the original, checked when the export was made; nothing signs the export itself. */
  readonly signature: { readonly holds: true; readonly publicKey: string | null };
  readonly anonymized: boolean;
  readonly results: Results;
  /** Scored ones, in the order of the sample. */
  readonly samples: readonly JsonSample[];
}

export interface JsonSample extends Sample {
  readonly groupId: string | null;
  readonly input: string | null;
  readonly messages: readonly Message[] | null;
  /** The same scenario asked again alone. */
  readonly rescored: Sample | null;
}

export function jsonExport({ results, publicKey, samples }: ExportedRun): string {
  const document: JsonExport = {
    schema: EXPORT_SCHEMA,
    signature: { holds: true, publicKey },
    anonymized: publicKey === null,
    results,
    samples: samples.map(({ sample, rescored, groupId, input, messages }) => ({
      ...sample,
      groupId,
      input,
      messages,
      rescored,
    })),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
