// Steps that found no line. Each is stored with its command_id before anything else happens and goes out under that id until there is a
// clear answer, so it survives a reload and is never done twice. One case's steps go in their order; the later ones take the version
// that the one before them left.
import { Problem, UNKNOWN, asProblem, uuid } from './api';
import { problemText } from './refusals';
import type { Case } from './types';

// A picture of a step. With `marked` the file is the original and the marked copy is what the step names.
export interface OutboxPhoto {
  file?: Blob;
  id?: string;
  marked?: Blob;
  role?: string; // after: of a self-disposal
  told?: { taken?: 'camera' | 'gallery'; captured_at?: string; place?: string };
}

export interface OutboxItem {
  id: string; // the command_id
  who: string; // whose step it is: another person on this phone does not send it
  order: number;
  case_no: string;
  action: string;
  version: number;
  follows: boolean; // waits for the step before it, and for the version that one leaves
  input: Record<string, unknown>;
  photos: OutboxPhoto[];
  at: string; // when it was written
  refused?: string; // why it was not accepted; the person decides what becomes of it
}

export interface OutboxStore {
  all(): Promise<OutboxItem[]>;
  put(item: OutboxItem): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface OutboxRoad {
  upload(file: Blob, photo: OutboxPhoto, key: string): Promise<{ media_id: string }>; // key: the same at each try
  send(item: OutboxItem): Promise<Case>;
}

export interface OutboxHandlers {
  changed(items: OutboxItem[]): void;
  done(item: OutboxItem, after: Case): void;
  signedOut(error: Problem): void;
}

export interface Step {
  id?: string; // its command_id where it was tried already
  case_no: string;
  action: string;
  version: number;
  input: Record<string, unknown>;
  photos: OutboxPhoto[];
}

export class Outbox {
  items: OutboxItem[] = []; // this person's, in order
  private flushing: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly who: string,
    private readonly store: OutboxStore,
    private readonly road: OutboxRoad,
    private readonly on: OutboxHandlers,
    private readonly now: () => number = Date.now,
  ) {}

  async open(): Promise<void> {
    this.items = (await this.store.all()).filter((item) => item.who === this.who);
    this.on.changed(this.items);
  }

  get busy(): boolean {
    return this.flushing !== null;
  }

  of(caseNo: string): OutboxItem[] {
    return this.items.filter((item) => item.case_no === caseNo);
  }

  async add(step: Step): Promise<void> {
    const order = Math.max(this.now(), (this.items.at(-1)?.order ?? 0) + 1);
    const follows = this.of(step.case_no).some((item) => !item.refused);
    const input = JSON.parse(JSON.stringify(step.input)); // plain, as a shelf wants it
    const item: OutboxItem = { ...step, input, id: step.id ?? uuid(), who: this.who, order, follows, at: new Date(this.now()).toISOString() };
    await this.store.put(item);
    if (!this.items.some((one) => one.id === item.id)) this.items.push(item); // read anew meanwhile
    this.on.changed(this.items);
  }

  async drop(id: string): Promise<void> {
    this.items = this.items.filter((item) => item.id !== id);
    await this.store.remove(id);
    this.on.changed(this.items);
  }

  // A refused step once more, on the case as it is now: that is another command.
  async retry(id: string, version: number): Promise<void> {
    const item = this.items.find((one) => one.id === id);
    if (!item) return;
    await this.store.remove(id);
    Object.assign(item, { id: uuid(), version, follows: false, refused: undefined });
    await this.store.put(item);
    this.on.changed(this.items);
    await this.flush();
  }

  // Sends what can be sent. Called when the line is back, when the page is looked at again, and by a timer.
  flush(): Promise<void> {
    if (this.flushing) {
      this.again = true;
      return this.flushing;
    }
    this.flushing = this.run().finally(() => {
      this.flushing = null;
      if (this.again) {
        this.again = false;
        void this.flush();
      }
    });
    return this.flushing;
  }

  private async run(): Promise<void> {
    for (const item of [...this.items]) {
      if (item.refused || !this.items.includes(item)) continue;
      const first = this.of(item.case_no)[0];
      if (first !== item) {
        // The step before it was refused or waits still.
        if (first.refused) await this.refuse(item, first.refused);
        continue;
      }
      try {
        await this.post(item);
      } catch (caught) {
        const error = asProblem(caught);
        if (error.status === 401) return this.on.signedOut(error);
        if (UNKNOWN.includes(error.status) || error.status === 429 || error.status === 507) return; // no line, or no room now: later
        await this.refuse(item, problemText(error));
      }
    }
  }

  private async post(item: OutboxItem): Promise<void> {
    for (const [n, photo] of item.photos.entries()) {
      if (photo.id || !photo.file) continue;
      photo.id = (await this.road.upload(photo.file, photo, `${item.id}.${n}`)).media_id;
      await this.store.put(item);
    }
    const after = await this.road.send(item);
    await this.drop(item.id);
    const next = this.of(item.case_no)[0];
    if (next?.follows) {
      Object.assign(next, { version: after.version, follows: false });
      await this.store.put(next);
    }
    this.on.done(item, after);
  }

  private async refuse(item: OutboxItem, why: string): Promise<void> {
    item.refused = why;
    await this.store.put(item);
    this.on.changed(this.items);
  }
}
