// The outbox on a shelf in memory and a road that breaks on purpose.
import { beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../src/core/api';
import { Outbox, type OutboxItem, type OutboxStore } from '../src/core/outbox';
import type { Case } from '../src/core/types';

class Shelf implements OutboxStore {
  kept = new Map<string, string>(); // as text: only what can be stored comes back
  files = new Map<string, (Blob | undefined)[]>();
  async all() {
    return [...this.kept.values()].map((text) => ({ ...JSON.parse(text) }) as OutboxItem).sort((a, b) => a.order - b.order);
  }
  async put(item: OutboxItem) {
    this.kept.set(item.id, JSON.stringify(item));
  }
  async remove(id: string) {
    this.kept.delete(id);
  }
}

let shelf: Shelf, sent: { id: string; action: string; version: number; photos: (string | undefined)[] }[], faults: (Problem | null)[], done: string[], signedOut: number, uploads: number;
const step = (action: string, case_no = 'A', photos: { file?: Blob }[] = []) => ({ case_no, action, version: 4, input: { opinion: 'x' }, photos });

function outbox(who = 'wang') {
  return new Outbox(
    who,
    shelf,
    {
      upload: async () => ({ media_id: `sha256-${(uploads += 1)}` }),
      send: async (item) => {
        sent.push({ id: item.id, action: item.action, version: item.version, photos: item.photos.map((p) => p.id) });
        const fault = faults.shift();
        if (fault) throw fault;
        return { case_no: item.case_no, version: item.version + 1, state: 'x', stage: 'y' } as Case;
      },
    },
    { changed: () => {}, done: (item) => done.push(item.action), signedOut: () => (signedOut += 1) },
  );
}
beforeEach(() => {
  shelf = new Shelf();
  [sent, faults, done, signedOut, uploads] = [[], [], [], 0, 0];
});

describe('outbox', () => {
  it('goes out under one id however often it is tried, also by a page that was opened anew', async () => {
    faults = [new Problem(0), new Problem(503), new Problem(504)];
    const first = outbox();
    await first.add(step('dispose'));
    await first.flush();
    await first.flush();
    const second = outbox();
    await second.open();
    await second.flush();
    await second.flush();
    expect(sent.map((one) => one.action)).toEqual(['dispose', 'dispose', 'dispose', 'dispose']);
    expect(new Set(sent.map((one) => one.id)).size).toBe(1);
    expect(shelf.kept.size).toBe(0);
    expect(done).toEqual(['dispose']);
  });
  it('keeps the id of what went out already without an answer', async () => {
    const box = outbox();
    await box.add({ ...step('sign'), id: 'tried-before' });
    await box.flush();
    expect(sent[0].id).toBe('tried-before');
  });
  it('sends the steps of a case in their order, each with the version the one before it left', async () => {
    const box = outbox();
    await box.add(step('sign'));
    await box.add(step('dispose'));
    await box.flush();
    await box.flush();
    expect(sent.map((one) => [one.action, one.version])).toEqual([
      ['sign', 4],
      ['dispose', 5],
    ]);
  });
  it('uploads a photo once, and names it', async () => {
    faults = [new Problem(0)];
    const box = outbox();
    await box.add(step('dispose', 'A', [{ file: new Blob(['x']) }]));
    await box.flush();
    await box.flush();
    expect(uploads).toBe(1);
    expect(sent.map((one) => one.photos)).toEqual([['sha256-1'], ['sha256-1']]);
  });
  it('keeps what was refused with its reason, also what stood on it, and does not hold up other cases', async () => {
    faults = [new Problem(409, { code: 'stale_version', title: 'changed' })];
    const box = outbox();
    await box.add(step('sign', 'A'));
    await box.add(step('dispose', 'A'));
    await box.add(step('sign', 'B'));
    await box.flush();
    expect(sent.map((one) => one.action)).toEqual(['sign', 'sign']);
    expect(done).toEqual(['sign']);
    expect(box.items.map((item) => [item.case_no, item.action, item.refused])).toEqual([
      ['A', 'sign', 'changed'],
      ['A', 'dispose', 'changed'],
    ]);
    const id = box.items[0].id;
    await box.retry(id, 9);
    expect(sent.at(-1)).toMatchObject({ action: 'sign', version: 9 });
    expect(sent.at(-1)!.id).not.toBe(id);
  });
  it('stops where there is no line, so that nothing overtakes', async () => {
    faults = [new Problem(0)];
    const box = outbox();
    await box.add(step('sign', 'A'));
    await box.add(step('sign', 'B'));
    await box.flush();
    expect(sent.length).toBe(1);
    expect(box.items.length).toBe(2);
  });
  it('asks to sign in anew and keeps everything', async () => {
    faults = [new Problem(401)];
    const box = outbox();
    await box.add(step('sign'));
    await box.flush();
    expect(signedOut).toBe(1);
    expect(shelf.kept.size).toBe(1);
  });
  it("never sends another person's steps", async () => {
    const box = outbox('wang');
    await box.add(step('sign'));
    const other = outbox('zhao');
    await other.open();
    await other.flush();
    expect(sent).toEqual([]);
    expect(shelf.kept.size).toBe(1);
  });
});
