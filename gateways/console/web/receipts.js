// "This device has the task" (CONTRACT 6), said until the server has heard it: an unheard receipt would raise the operator's alarm
// for a squad that has its task. 409 and 404 end it (given to somebody else meanwhile), so does any other plain no.
const WAITS = [1000, 2000, 4000, 8000, 15000, 30000];
const AGAIN = [0, 408, 429, 500, 502, 503, 504, 507];

export class Receipts {
  #open = new Map(); // task_id -> {epoch, failures, timer, busy}
  #told = new Map(); // task_id -> epoch that is settled: heard, or refused for good

  // send(task_id, epoch): a promise; on = {changed(count of unheard), gone(task_id), refused(error)}
  constructor(send, on) {
    this.send = send;
    this.on = on;
  }

  want(task) {
    const { task_id: id, epoch } = task;
    if (task.received === true) this.#told.set(id, epoch);
    if (this.#told.get(id) >= epoch || this.#open.get(id)?.epoch >= epoch) return;
    clearTimeout(this.#open.get(id)?.timer);
    this.#open.set(id, { epoch, failures: 0, timer: 0, busy: false });
    this.#try(id);
  }

  // The line is back: do not sit out the wait.
  hurry() {
    for (const id of [...this.#open.keys()]) this.#try(id);
  }

  forget(id) {
    clearTimeout(this.#open.get(id)?.timer);
    if (this.#open.delete(id)) this.on.changed(this.#open.size);
  }

  async #try(id) {
    const one = this.#open.get(id);
    if (!one || one.busy) return;
    clearTimeout(one.timer);
    one.busy = true;
    let error = null;
    try {
      await this.send(id, one.epoch);
    } catch (caught) {
      error = caught;
    }
    one.busy = false;
    if (this.#open.get(id) !== one) return; // a newer epoch took its place
    if (error && AGAIN.includes(error.status)) {
      one.timer = setTimeout(() => this.#try(id), WAITS[Math.min(one.failures, WAITS.length - 1)]);
      one.failures += 1;
      this.on.changed(this.#open.size);
      return;
    }
    this.#open.delete(id);
    this.#told.set(id, one.epoch);
    this.on.changed(this.#open.size);
    if (error?.status === 409 || error?.status === 404) this.on.gone(id);
    else if (error) this.on.refused(error);
  }
}
