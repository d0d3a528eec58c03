/** How long each part of a booted host's life took, beside a boot of the same image that is told nothing. */
import { FILES } from '../../../benchmark/src/run/directory';
import { sample } from '../../../benchmark/src/contract/sample';
import type { ReceivedRun } from '../receiver.double';
import type { Vm } from './boot';
import type { ConsoleLine } from './console';
import { hostLines, phaseTimes } from './host-log';

export interface Life {
  readonly vm: Vm;
  readonly run: ReceivedRun;
  /** The idle host's last word of its boot. */
  readonly idleFinished: ConsoleLine;
}

/** A table to print. Times are this machine's at this hour; only the ratios can be compared. */
export function lifeTable({ vm, run, idleFinished }: Life): string {
  const { console } = vm;
  const userData = console.find(/^Cloud-init .* running 'init'/)!.seconds;
  const lines = hostLines(console);
  const off = console.lines.at(-1)!.seconds;
  const scored = firstScored(run, vm.poweredOnAt());
  const rows: (readonly [string, number, number])[] = [
    ['boot, up to user data', 0, userData],
    ['user data, up to our units', userData, console.find(/^Starting he300-provision/)!.seconds],
    ['provision, fetch, start', console.find(/^Starting he300-provision/)!.seconds, lines[0]!.upSeconds],
    ...phaseTimes(lines).map(({ phase, fromSeconds, toSeconds }) => [phase, fromSeconds, toSeconds] as const),
    ['power-on to first scored', 0, scored],
    ['power-on to off', 0, off],
    ['idle boot', 0, idleFinished.seconds],
  ];
  const ratio = (seconds: number): string => (seconds / idleFinished.seconds).toFixed(2);
  return [
    ...rows.map(([what, from, to]) => `${what.padEnd(28)} ${(to - from).toFixed(1).padStart(7)} s\n`),
    `ratio to an idle boot: ${ratio(scored)} to the first scored request, ${ratio(scored - userData)} of it from user data on, ${ratio(off)} to off\n`,
  ].join('');
}

function firstScored({ artifacts }: ReceivedRun, poweredOnAt: Date): number {
  const lines = artifacts.get(FILES.samples)!.body.toString().trim().split('\n');
  const ends = lines.map((line) => {
    const { timing } = sample.parse(JSON.parse(line));
    return Date.parse(timing.scheduledAt) + timing.endToEndMs;
  });
  return (Math.min(...ends) - poweredOnAt.getTime()) / 1000;
}
