/** What the reaper and `sweep` need to know of a cloud, and nothing more. */
import { TAG } from '../../../naming/tags';

/** A host that carries our owner tag and still costs money. */
export interface Host {
  readonly id: string;
  readonly cloud: 'aws' | 'lambda-cloud';
  readonly region: string;
  readonly instanceType: string;
  /** Value of the owner tag: `<namespace>-<environment>`. */
  readonly environment: string;
  /** The cloud's own word for the host's state. */
  readonly state: string;
  /** Undefined: unknown, because it is missing or cannot be read. */
  readonly launchedAt: Date | undefined;
  /** Undefined: the tag is missing or cannot be read. */
  readonly timeLimitMinutes: number | undefined;
  readonly diskGb: number | undefined;
  /** Price that the cloud itself names, in US dollars an hour. */
  readonly usdPerHour: number | undefined;
}

/** One region of a cloud, or a cloud that answers for all its regions at once. */
export interface Cloud {
  /** Name for messages, such as `aws us-east-1`. */
  readonly name: string;
  /** Hosts with our owner tag that are not gone and not on their way out. */
  hosts(): Promise<readonly Host[]>;
  /** Asks the cloud to end a host; one that is gone already is no error. */
  terminate(id: string): Promise<void>;
}

/** The longest limit that an environment may set. A tag that claims more is no limit. */
export const MAX_TIME_LIMIT_MINUTES = 1440;

export type Tags = Readonly<Record<string, string | undefined>>;

/** What the tags say about a host; undefined for what they do not say readably. */
export function readTags(tags: Tags): Pick<Host, 'timeLimitMinutes' | 'diskGb'> {
  const limit = wholeNumber(tags[TAG.timeLimitMinutes]);
  return {
    timeLimitMinutes: limit !== undefined && limit <= MAX_TIME_LIMIT_MINUTES ? limit : undefined,
    diskGb: wholeNumber(tags[TAG.diskGb]),
  };
}

/** Digits only: `Number` would also take '', '1e9' and '0x10'. */
function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}
