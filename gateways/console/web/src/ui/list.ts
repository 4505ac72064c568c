// One list of the API as a page shows it: asked anew when its address changes, page by page, never two answers mixed. `everySeconds` 0:
// it does not renew itself.
import { onBeforeUnmount, ref, shallowRef, watch } from 'vue';
import { get } from '../core/api';
import type { Page } from '../core/types';
import { fail } from './session';

export function useList<T>(path: () => string, everySeconds = 30) {
  const items = shallowRef<T[]>([]);
  const cursor = ref('');
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  const problem = shallowRef<unknown>(null);
  let asked = 0;

  async function load(more = false, quiet = false): Promise<void> {
    const mine = (asked += 1);
    if (!more && !quiet) state.value = 'loading';
    const url = path();
    const from = more ? `${url.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor.value)}` : '';
    try {
      const answer = await get<Page<T>>(url + from);
      if (mine !== asked) return;
      items.value = more ? [...items.value, ...answer.items] : answer.items;
      cursor.value = answer.next_cursor ?? '';
      problem.value = null;
      state.value = 'ready';
    } catch (error) {
      fail(error);
      if (mine !== asked) return;
      if (quiet && state.value === 'ready') return; // what stands there is still true as of its time
      problem.value = error;
      state.value = 'failed';
    }
  }
  watch(path, () => void load(), { immediate: true });
  // Read further pages are not thrown away under the reader: only a first page renews itself.
  const timer = everySeconds && setInterval(() => document.visibilityState === 'visible' && state.value === 'ready' && items.value.length <= 50 && void load(false, true), everySeconds * 1000);
  onBeforeUnmount(() => timer && clearInterval(timer));
  return { items, cursor, state, problem, load };
}
