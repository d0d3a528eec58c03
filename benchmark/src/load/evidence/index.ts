/** All that one stretch of load tells of client, server and GPU. */
import type { Telemetry } from '../../contract/telemetry';
import { clientFindings, type ClientLoad, loadOf } from './client';
import { type Findings, joined } from './findings';
import { gpuFindings } from './gpu';
import { serverFindings } from './server';

/**
 * @param concurrency requests that the runner kept in flight
 * @param client in place of what the telemetry tells of it
 */
export const findingsOf = (
  telemetry: Telemetry,
  concurrency: number,
  client: ClientLoad | null = loadOf(telemetry.client),
): Findings =>
  joined(
    clientFindings(client, telemetry.host),
    serverFindings(telemetry.server, concurrency),
    gpuFindings(telemetry),
  );
