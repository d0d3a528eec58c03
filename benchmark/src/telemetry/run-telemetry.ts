/** The telemetry of one run: which sources tell of its server, where the looks are kept, and what they come to. */
import type { Energy, TelemetryLine } from '../contract/telemetry-line';
import type { EngineName } from '../engines';
import { InputError } from '../errors';
import { Client } from './client';
import { Dcgm, DCGM_URL } from './dcgm';
import { NO_ENERGY, wattHoursOf, withLook } from './energy';
import { Host } from './host';
import { NvidiaSmi } from './nvidia-smi';
import { type Look, Sampler } from './sampler';
import { SeriesLog } from './series-log';
import { ServerQueue } from './server-queue';
import type { Source } from './source';

export interface WatchedServer {
  readonly engine: EngineName;
  /** Any address of it; null when it is on this machine at a place of its own. */
  readonly url: string | null;
}

/** Names a DCGM exporter that is not at its usual place, or tells of the GPUs of a server elsewhere. */
export const DCGM_VARIABLE = 'HE300_DCGM_URL';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** @throws InputError when `HE300_DCGM_URL` is no address */
export function sourcesFor({ engine, url }: WatchedServer): Source[] {
  const server = url === null ? null : new URL(url);
  const isHere = server === null || LOOPBACK.test(server.hostname);
  const dcgm = dcgmUrl(isHere);
  return [
    // The model of `llama` is in this process, whose load then says nothing of the runner.
    ...(engine === 'llama' ? [] : [new Client()]),
    new Host(),
    // Ollama and the servers that ask in their own words have no page of metrics.
    ...(server && engine === 'openai' ? [new ServerQueue(server)] : []),
    ...(dcgm ? [new Dcgm(dcgm)] : []),
    // The GPUs of this machine are no evidence of a server elsewhere.
    ...(isHere ? [new NvidiaSmi()] : []),
  ];
}

function dcgmUrl(isHere: boolean): URL | undefined {
  const value = process.env[DCGM_VARIABLE];
  if (!value) return isHere ? DCGM_URL : undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol))
    return url.pathname === '/' ? new URL('/metrics', url) : url;
  throw new InputError(`${DCGM_VARIABLE}: ${value}; allowed: an http address such as ${DCGM_URL.href}`);
}

export class RunTelemetry {
  readonly sampler: Sampler;
  private energy: Energy;

  private constructor(
    private readonly log: SeriesLog,
    sources: readonly Source[],
    intervalMs: number | undefined,
  ) {
    this.energy = log.energyBefore ?? NO_ENERGY;
    this.sampler = new Sampler({
      sources,
      onLook: (look) => this.keep(look),
      ...(intervalMs === undefined ? {} : { intervalMs }),
    });
  }

  /** @param path of `telemetry.jsonl`, which a resumed run continues. @throws InputError, and what `sources` throws */
  static open(path: string, sources: () => readonly Source[], intervalMs?: number): RunTelemetry {
    const log = SeriesLog.open(path);
    try {
      return new RunTelemetry(log, sources(), intervalMs);
    } catch (error) {
      log.close();
      throw error;
    }
  }

  /** Since the run began, over all its processes. Null when too little of it is known. */
  get wattHours(): number | null {
    return this.log.energyBefore === null ? null : wattHoursOf(this.energy);
  }

  async close(): Promise<void> {
    await this.sampler.close();
    this.log.close();
  }

  private keep({ atMs, seconds, during, reading }: Look): void {
    const { client = null, host = null, server = null, gpus } = reading;
    this.energy = withLook(this.energy, seconds, gpus);
    const line: TelemetryLine = {
      schema: 'he300.telemetry/v1',
      // From the clock that never jumps, as the samples.
      at: new Date(performance.timeOrigin + atMs).toISOString(),
      seconds,
      during,
      client,
      host,
      server,
      gpus: gpus ? [...gpus] : null,
      energy: this.energy,
    };
    this.log.append(line);
  }
}
