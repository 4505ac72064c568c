// "This device has the task" (CONTRACT 6), said until the server has heard it: an unheard receipt would raise the operator's alarm
// for a squad that has its task. 409 and 404 end it (given to somebody else meanwhile), so does any other plain no.
import { type Problem, asProblem } from './api';

const WAITS = [1000, 2000, 4000, 8000, 15000, 30000];
const AGAIN = [0, 408, 429, 500, 502, 503, 504, 507];

interface Waiting {
  epoch: number;
  failures: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  busy: boolean;
}

export interface ReceiptHandlers {
  changed(unheard: number): void;
  gone(taskId: string): void;
  refused(error: Problem): void;
}

export class Receipts {
  private readonly open = new Map<string, Waiting>();
  private readonly told = new Map<string, number>(); // task_id -> epoch that is settled: heard, or refused for good

  constructor(
    private readonly send: (taskId: string, epoch: number) => Promise<unknown>,
    private readonly on: ReceiptHandlers,
  ) {}

  want(task: { task_id: string; epoch: number; received?: boolean }): void {
    const { task_id: id, epoch } = task;
    if (task.received === true) this.told.set(id, epoch);
    if ((this.told.get(id) ?? -1) >= epoch || (this.open.get(id)?.epoch ?? -1) >= epoch) return;
    clearTimeout(this.open.get(id)?.timer);
    this.open.set(id, { epoch, failures: 0, timer: undefined, busy: false });
    void this.attempt(id);
  }

  // The line is back: do not sit out the wait.
  hurry(): void {
    for (const id of [...this.open.keys()]) void this.attempt(id);
  }

  forget(id: string): void {
    clearTimeout(this.open.get(id)?.timer);
    if (this.open.delete(id)) this.on.changed(this.open.size);
  }

  private async attempt(id: string): Promise<void> {
    const one = this.open.get(id);
    if (!one || one.busy) return;
    clearTimeout(one.timer);
    one.busy = true;
    let error: Problem | null = null;
    try {
      await this.send(id, one.epoch);
    } catch (caught) {
      error = asProblem(caught);
    }
    one.busy = false;
    if (this.open.get(id) !== one) return; // a newer epoch took its place
    if (error && AGAIN.includes(error.status)) {
      one.timer = setTimeout(() => void this.attempt(id), WAITS[Math.min(one.failures, WAITS.length - 1)]);
      one.failures += 1;
      this.on.changed(this.open.size);
      return;
    }
    this.open.delete(id);
    this.told.set(id, one.epoch);
    this.on.changed(this.open.size);
    if (error?.status === 409 || error?.status === 404) this.on.gone(id);
    else if (error) this.on.refused(error);
  }
}
