/** What a look at one thing of the host found. */

export const STATUSES = ['ok', 'warn', 'fail'] as const;
export type Status = (typeof STATUSES)[number];

export interface Gauge {
  /** Without the prefix that all of ours have; ends in its unit. */
  readonly name: string;
  readonly help: string;
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Finding {
  readonly check: string;
  readonly status: Status;
  /** One line. */
  readonly message: string;
  readonly gauges: readonly Gauge[];
}

/** The worst of all. */
export const worstOf = (findings: readonly Pick<Finding, 'status'>[]): Status =>
  STATUSES[Math.max(0, ...findings.map(({ status }) => STATUSES.indexOf(status)))]!;

/** `warn` and `fail` are the limits that a value must not fall below. */
export const below = (
  value: number,
  { warn, fail }: { readonly warn: number; readonly fail: number },
): Status => (value < fail ? 'fail' : value < warn ? 'warn' : 'ok');
/** `warn` and `fail` are the limits that a value must not exceed. */
export const above = (
  value: number,
  { warn, fail }: { readonly warn: number; readonly fail: number },
): Status => below(-value, { warn: -warn, fail: -fail });
