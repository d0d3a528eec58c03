/** Whether a failed launch is worth trying on the next candidate. */

/** EC2's codes for "not here, not now": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const CAPACITY_CODES = [
  'InsufficientInstanceCapacity',
  'InsufficientHostCapacity',
  'InsufficientCapacity',
  'InstanceLimitExceeded',
  'MaxSpotInstanceCountExceeded',
  'SpotMaxPriceTooLow',
  'Unsupported',
  'UnfulfillableCapacity',
  'VcpuLimitExceeded',
] as const;

/** The capacity code that a failed apply's output names, if that is why it failed. */
export function capacityError(output: string): string | undefined {
  return CAPACITY_CODES.find((code) => new RegExp(`api error ${code}\\b`).test(output));
}
