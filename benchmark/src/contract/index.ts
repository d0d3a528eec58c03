/** The contract between the runner, the dashboard and the infrastructure. Nothing here reads, writes or computes a result. */
export * from './artifact';
export * from './delivery';
export * from './event';
export * from './gpu-profile';
export * from './host-config';
export * from './performance';
export * from './primitives';
export * from './prompt';
export * from './provenance';
export * from './results';
export * from './sample';
export * from './score';
export * from './state';
export * from './suite';
export * from './telemetry';
export * from './telemetry-line';
export * from './vault';
