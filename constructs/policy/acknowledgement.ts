import type { IConstruct } from 'constructs';

/** A finding that somebody has looked at and accepts, with the reason. */
export interface Acknowledgement {
  readonly rule: string;
  readonly reason: string;
}

const KEY = 'he300:acknowledgement';

/** Accepts the finding of one rule about exactly this resource. An acknowledgement that no finding needs is itself a finding. */
export function acknowledge(resource: IConstruct, rule: string, reason: string): void {
  resource.node.addMetadata(KEY, { rule, reason } satisfies Acknowledgement);
}

export const acknowledgementsOf = (construct: IConstruct): Acknowledgement[] =>
  construct.node.metadata.filter(({ type }) => type === KEY).map(({ data }) => data as Acknowledgement);
