/** Numbers from 0, each lent to one at a time; who finds none free waits in line. */
export class Slots {
  private readonly free: number[];
  private readonly waiting: ((slot: number) => void)[] = [];

  constructor(count: number) {
    this.free = [...Array(count).keys()];
  }

  take(): Promise<number> {
    const slot = this.free.shift();
    return slot === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(slot);
  }

  giveBack(slot: number): void {
    const next = this.waiting.shift();
    if (next) next(slot);
    else this.free.push(slot);
  }
}
