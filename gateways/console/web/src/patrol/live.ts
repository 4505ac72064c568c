// Tasks, the outbox and the stream: not needed to see and fill in a report, so they are fetched behind it.
import { computed, shallowRef } from 'vue';
import type { Step } from '../core/outbox';
import { more } from './state';

type Live = typeof import('../squad/tasks');
const there = shallowRef<Live>();
let ready: Promise<Live> | undefined;

export function goLive(): Promise<Live> {
  ready ??= import('../squad/tasks').then((live) => {
    void live.begin(more);
    there.value = live;
    return live;
  });
  ready.catch(() => (ready = undefined)); // a part that did not come is asked for again
  return ready;
}
export const waiting = computed(() => there.value?.waiting.value ?? []);
export const taskCount = computed(() => there.value?.entries.size ?? 0);
export const unheard = computed(() => there.value?.state.unheard ?? 0);
export const wrongPage = computed(() => there.value?.state.wrongPage ?? false);

// Stored first; then it goes out as soon as there is a line.
export async function hand(step: Step): Promise<void> {
  const live = await goLive();
  await live.outbox.add(step);
  live.sendNow();
}
