/**
 * Where in the bucket a run is kept. Its sessions are numbered from 0: each start of a supervisor that works on it is one,
 * on the host that began it or on another.
 */

const digits = (value: number, count: number): string => String(value).padStart(count, '0');

export const runPrefix = (runId: string): string => `runs/${runId}/`;

export const claimPrefix = (runId: string): string => `${runPrefix(runId)}sessions/`;
export const claimKey = (runId: string, session: number): string =>
  `${claimPrefix(runId)}${digits(session, 4)}.json`;

/** Pieces of an append-only file, each named by the byte that it begins at. */
export const segmentsPrefix = (runId: string): string => `${runPrefix(runId)}segments/`;
export const segmentPrefix = (runId: string, file: string, session: number): string =>
  `${segmentsPrefix(runId)}${file}/${digits(session, 4)}/`;
export const segmentKey = (runId: string, file: string, session: number, start: number): string =>
  `${segmentPrefix(runId, file, session)}${digits(start, 12)}.jsonl`;

/** Files of the run that are written whole. */
export const filePrefix = (runId: string): string => `${runPrefix(runId)}files/`;
export const fileKey = (runId: string, file: string): string => `${filePrefix(runId)}${file}`;

export const artifactKey = (runId: string, name: string): string => `${runPrefix(runId)}artifacts/${name}`;

/** The events that a host made for the run, and whether they arrived. */
export const eventsPrefix = (runId: string): string => `${runPrefix(runId)}events/`;
export const eventsKey = (runId: string, session: number): string =>
  `${eventsPrefix(runId)}${digits(session, 4)}.jsonl`;

/** For the reaper: the run of the host with this id is over. It stands under the host's own id, also when it continues a run. */
export const endMarkerKey = (environment: string, hostId: string): string =>
  `${runPrefix(`${environment}-${hostId}`)}ended.json`;

/** Key of the host's own end of the tunnel. */
export const tunnelKey = (runId: string): string => `${runPrefix(runId)}wireguard.pub`;
/** Where the host that has this address in the tunnel now says what its key is. */
export const tunnelAddressKey = (address: string): string => `runs/tunnel/${address}.json`;
