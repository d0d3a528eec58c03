/** Hosts on Lambda Cloud, for those who launch, end and count them. */
export { type LambdaInstance, type TypeOffer } from './answers';
export { LambdaCloudApi } from './api';
export { EXIT_NO_CAPACITY, NoCapacity, upperBoundUsd } from './capacity';
export { ensureRuleset, firewallRules } from './firewall';
export { hostTags } from './host-tags';
export { hostIdentity, survey, type HostIdentity } from './host';
export { launchHost, type LaunchedHost, type LaunchHostOptions } from './launch-host';
export { checkTags } from './tags';
export { terminateHost, type TerminateHostOptions } from './terminate-host';
export { waitForHost, type WaitForHostOptions } from './wait-for-host';
