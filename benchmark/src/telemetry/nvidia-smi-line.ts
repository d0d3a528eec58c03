/**
 * One line of `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`: one GPU. Where a card or a driver does not tell,
 * the cell holds words in brackets, such as `[N/A]`, `[Not Supported]` or `[GPU requires reset]`.
 */
import type { GpuReading } from '../contract/telemetry-line';
import { clockReasons } from './clock-reasons';
import { unknownGpu } from './source';

/** What is asked for, in the order of the cells. The name comes last, so that a comma in it splits nothing else. */
export const NVIDIA_SMI_FIELDS = [
  'index',
  'utilization.gpu',
  'memory.used',
  'power.draw',
  'clocks.current.sm',
  'clocks.current.memory',
  'temperature.gpu',
] as const;

/** Drivers from 535 on call it an event; older ones refuse the whole query for a name that they do not know. */
export const REASON_FIELDS = ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'] as const;

const CELLS = NVIDIA_SMI_FIELDS.length + 2;

/** Undefined when it is no such line: cut short, a message, or of another query. Never throws. */
export function parseNvidiaSmiLine(line: string): GpuReading | undefined {
  const cells = line.split(',').map((cell) => cell.trim());
  if (cells.length < CELLS || !/^\d{1,4}$/.test(cells[0]!)) return undefined;
  const [index, utilization, memory, power, smClock, memoryClock, temperature, reasons] = cells;
  const name = cells.slice(CELLS - 1).join(', ');
  const percent = numberOf(utilization!);
  return {
    ...unknownGpu(Number(index)),
    name: /^[\x20-\x7e]{1,100}$/.test(name) && !name.startsWith('[') ? name : null,
    utilization: percent === null || percent > 100 ? null : percent / 100,
    memoryMib: numberOf(memory!),
    powerWatts: numberOf(power!),
    smClockMhz: numberOf(smClock!),
    memoryClockMhz: numberOf(memoryClock!),
    temperatureC: numberOf(temperature!),
    throttleReasons: /^0x[0-9a-f]{1,16}$/i.test(reasons!) ? clockReasons(BigInt(reasons!)).slice() : null,
  };
}

/** Null for anything that is no plain decimal number. */
const numberOf = (cell: string): number | null => (/^\d{1,12}(\.\d{1,9})?$/.test(cell) ? Number(cell) : null);
