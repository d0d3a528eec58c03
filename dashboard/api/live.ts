/** Server-sent events of `GET /api/live` (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import type { RunSummary } from './run';

/** Event `run`: a run that is new or has changed. Event `ping`: the first word, and whenever nothing else happened for 15 s; its data is empty. */
export interface LiveEvents {
  readonly run: RunSummary;
  readonly ping: '';
}

export const LIVE_PATH = '/api/live';
