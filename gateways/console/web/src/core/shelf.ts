// What a phone keeps for the time without a line (IndexedDB): the outbox, and the last known tasks and names.
import { type IDBPDatabase, openDB } from 'idb';
import type { OutboxItem, OutboxStore } from './outbox';

const shelf: Promise<IDBPDatabase> = openDB('wangge', 1, {
  upgrade(db) {
    db.createObjectStore('outbox', { keyPath: 'id' });
    db.createObjectStore('kept');
  },
});

export const outboxStore: OutboxStore = {
  all: async () => ((await (await shelf).getAll('outbox')) as OutboxItem[]).sort((a, b) => a.order - b.order),
  put: async (item) => void (await (await shelf).put('outbox', item)),
  remove: async (id) => void (await (await shelf).delete('outbox', id)),
};

export async function keep(key: string, value: unknown): Promise<void> {
  await (await shelf).put('kept', value, key).catch(() => {}); // a full phone keeps less, it still works
}
export async function kept<T>(key: string): Promise<T | undefined> {
  return (await shelf).get('kept', key).catch(() => undefined) as Promise<T | undefined>;
}
// Asks the browser not to throw it away when space is short.
export const holdOn = (): void => void navigator.storage?.persist?.().catch(() => {});
