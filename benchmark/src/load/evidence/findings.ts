/** What the telemetry of a stretch of load says, in sentences. docs/metrics.md tells what they rest on. */
export interface Findings {
  readonly evidence: readonly string[];
  /** What may have spoiled the measurement. */
  readonly warnings: readonly string[];
  /** What nothing told. */
  readonly unknowns: readonly string[];
}

export const NOTHING: Findings = { evidence: [], warnings: [], unknowns: [] };

export const said = (...evidence: readonly string[]): Findings => ({ ...NOTHING, evidence });
export const warned = (...warnings: readonly string[]): Findings => ({ ...NOTHING, warnings });
export const unknown = (...unknowns: readonly string[]): Findings => ({ ...NOTHING, unknowns });

export const joined = (...all: readonly Findings[]): Findings => ({
  evidence: all.flatMap(({ evidence }) => evidence),
  warnings: all.flatMap(({ warnings }) => warnings),
  unknowns: all.flatMap(({ unknowns }) => unknowns),
});

export const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;
