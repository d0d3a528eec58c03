/** Where a type is free, and whether it is worth its price. */
import { LambdaCloudError } from '../../../constructs/lifetime/reaper/clouds/lambda-cloud-client';
import { REAPER_PERIOD_MINUTES } from '../../../constructs/gpu-host/prices';
import { CliError } from '../cli';
import type { TypeOffer } from './answers';
import type { LambdaCloudApi } from './api';

/** EX_TEMPFAIL of sysexits: nothing is wrong but the moment, and another candidate may have capacity. */
export const EXIT_NO_CAPACITY = 75;

const INSUFFICIENT_CAPACITY = 'instance-operations/launch/insufficient-capacity';
/** The account may have no more hosts at once: here, too, another candidate may do. */
const QUOTA_EXCEEDED = 'global/quota-exceeded';

/** No region has a host of that type, or the account may not have one more. */
export class NoCapacity extends CliError {
  constructor(instanceType: string, regions: readonly string[], code = INSUFFICIENT_CAPACITY) {
    super(`no capacity for ${instanceType} in ${regions.join(', ')} (${code})`, EXIT_NO_CAPACITY);
  }
}

export const lacksCapacity = (error: unknown): boolean =>
  error instanceof LambdaCloudError && error.code === INSUFFICIENT_CAPACITY;

export const exceedsQuota = (error: unknown): boolean =>
  error instanceof LambdaCloudError && error.code === QUOTA_EXCEEDED;

export interface RunBounds {
  readonly timeLimitMinutes: number;
  /** Most that the run may cost, in US dollars. */
  readonly priceCapUsd: number;
}

/** The most that a run costs at that price: until its limit and, if all else fails, until the reaper's next look. */
export const upperBoundUsd = (usdPerHour: number, timeLimitMinutes: number): number =>
  (usdPerHour * (timeLimitMinutes + REAPER_PERIOD_MINUTES)) / 60;

/** @throws CliError for a type that the API does not offer, or one whose price of today is above the cap */
export async function affordableOffer(
  api: LambdaCloudApi,
  instanceType: string,
  { timeLimitMinutes, priceCapUsd }: RunBounds,
): Promise<TypeOffer> {
  const offers = await api.types();
  const offer = offers.find(({ name }) => name === instanceType);
  if (!offer) throw new CliError(`type '${instanceType}'; allowed: ${offers.map((o) => o.name).join(', ')}`);
  const bound = upperBoundUsd(offer.usdPerHour, timeLimitMinutes);
  if (bound <= priceCapUsd) return offer;
  throw new CliError(
    `a run on ${instanceType} may cost $${bound.toFixed(2)} at $${offer.usdPerHour.toFixed(2)}/h; allowed: at most $${priceCapUsd.toFixed(2)}`,
  );
}

/** @throws CliError for a region that Lambda Cloud does not have: waiting for its capacity would never end */
export async function checkRegions(api: LambdaCloudApi, regions: readonly string[]): Promise<void> {
  const known = await api.regions();
  const unknown = regions.find((region) => !known.includes(region));
  if (unknown !== undefined) throw new CliError(`region '${unknown}'; allowed: ${known.join(', ')}`);
}
