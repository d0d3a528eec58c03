/** The processes of one session, as Linux's `/proc` shows them: a client's children stay in it, orphans too. */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

export class SessionWatch {
  private members: readonly number[] = [];
  private looks = 0;
  /** Of each process, when it was last seen. */
  private readonly cpuTicks = new Map<number, number>();
  private mostKib = 0;

  constructor(private readonly session: number) {}

  get cpuSeconds(): number {
    return [...this.cpuTicks.values()].reduce((a, b) => a + b, 0) / TICKS_PER_SECOND;
  }

  /** The most at once that was resident, with what processes share counted once. */
  get memoryMib(): number {
    return this.mostKib / 1024;
  }

  /** Takes a few milliseconds, which a client on a busy machine may miss: hence seldom, and through all processes ever more seldom. */
  look(): void {
    this.looks++;
    const powerOfTwo = (this.looks & (this.looks - 1)) === 0;
    if (powerOfTwo) this.members = readdirSync('/proc').filter(isProcess).map(Number);
    let kib = 0;
    this.members = this.members.filter((pid) => {
      const ticks = ticksOf(pid, this.session);
      if (ticks === undefined) return false;
      this.cpuTicks.set(pid, ticks);
      kib += proportionalKib(pid);
      return true;
    });
    this.mostKib = Math.max(this.mostKib, kib);
  }
}

const isProcess = (name: string): boolean => /^\d+$/.test(name);

/** Undefined when it has ended, or is of another session. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function ticksOf(pid: number, session: number): number | undefined {
  // After the program's name, which may hold spaces.
  const fields = read(`/proc/${pid}/stat`)?.split(') ').at(-1)!.split(' ').map(Number);
  return fields?.[3] === session ? fields[11]! + fields[12]! : undefined;
}

const proportionalKib = (pid: number): number =>
  Number(/^Pss: +(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0);

/** Undefined when the process ended between two looks. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
