/** The processes of one session, as Linux's `/proc` shows them: a client's children stay in it, orphans too. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Used {
  /** Of those that are alive now. */
  readonly cpuTicks: ReadonlyMap<number, number>;
  /** Resident, with what processes share counted once. */
  readonly memoryKib: number;
}

export function usedBy(session: number): Used {
  const cpuTicks = new Map<number, number>();
  let memoryKib = 0;
  for (const pid of readdirSync('/proc').map(Number)) {
    try {
      if (Number.isNaN(pid)) continue;
      // After the program's name, which may hold spaces: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ').map(Number);
      if (fields[3] !== session) continue;
      cpuTicks.set(pid, fields[11]! + fields[12]!);
      memoryKib += Number(
        /^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0,
      );
    } catch {
      // It ended between two looks.
    }
  }
  return { cpuTicks, memoryKib };
}
