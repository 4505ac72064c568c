// The list of cases as it stands on the screen. It never jumps under the reader's eyes: shown rows change in place, what is new waits
// behind a bar until it is asked for.
import { computed, reactive, shallowRef, triggerRef } from 'vue';
import { get } from '../core/api';
import type { Case, Page } from '../core/types';
import { fail, good } from '../ui/session';
import { go } from './place';
import { announce } from './sound';

export const FILTERS = ['state', 'stage', 'light', 'unit', 'squad', 'text', 'street', 'grid', 'category', 'source', 'due', 'month', 'bbox', 'campaign', 'sort'];
const LIMIT = 200;
const ALONE_MOST = 5; // changed cases beyond the first page that are asked for one by one

export const rows = shallowRef<Case[]>([]);
export const list = reactive({
  current: -1,
  opened: '',
  wanted: '',
  plain: true, // the queue of open cases without a filter
  cursor: '',
  fresh: 0,
  loading: false,
  loaded: false,
  problem: null as unknown,
  gone: new Set<string>(),
  chosen: new Set<string>(),
});
export const currentCase = computed(() => rows.value[list.current]);
const rowOf = new Map<string, number>(); // case_no -> index in rows

// What the API is asked: the URL's filters, or exactly the list behind a figure of the closure table. A search looks at closed cases
// too: a number read out on the telephone is found whatever became of the case.
function question(at: URLSearchParams): URLSearchParams {
  const behind = at.get('list');
  if (behind) return new URLSearchParams(behind);
  const ask = new URLSearchParams();
  for (const name of FILTERS) if (at.get(name)) ask.set(name, at.get(name)!);
  if (!['state', 'month', 'text'].some((name) => ask.has(name)) && ask.get('stage') !== 'evaluation') ask.set('open', 'true');
  ask.set('limit', String(LIMIT));
  return ask;
}

export function showList(at: URLSearchParams): void {
  const wanted = question(at).toString();
  list.opened = at.get('case') || '';
  list.plain = wanted === `open=true&limit=${LIMIT}`;
  if (wanted === list.wanted) return;
  list.wanted = wanted;
  list.current = -1;
  list.chosen.clear();
  void reload();
}

function take(items: Case[], from = 0): void {
  if (!from) {
    rowOf.clear();
    rows.value = [];
  }
  for (const item of items) {
    if (rowOf.has(item.case_no)) continue;
    rowOf.set(item.case_no, rows.value.length);
    rows.value.push(item);
  }
  triggerRef(rows);
}

export async function reload(): Promise<void> {
  const wanted = list.wanted;
  list.fresh = 0;
  list.loading = true;
  list.problem = null;
  try {
    const answer = await get<Page<Case>>(`cases?${wanted}`);
    if (wanted !== list.wanted) return;
    const keep = currentCase.value?.case_no || list.opened;
    list.gone.clear();
    take(answer.items);
    list.current = Math.max(rowOf.get(keep) ?? -1, rows.value.length ? 0 : -1);
    list.cursor = answer.next_cursor ?? '';
    list.loaded = true;
    good();
  } catch (error) {
    if (wanted === list.wanted) failed(error);
  } finally {
    if (wanted === list.wanted) list.loading = false;
  }
}

export async function loadMore(): Promise<void> {
  if (!list.cursor || list.loading) return;
  const wanted = list.wanted;
  const ask = new URLSearchParams(wanted);
  ask.set('cursor', list.cursor);
  list.loading = true;
  try {
    const answer = await get<Page<Case>>(`cases?${ask}`);
    if (wanted !== list.wanted) return;
    take(answer.items, rows.value.length);
    list.cursor = answer.next_cursor ?? '';
  } catch (error) {
    failed(error);
  } finally {
    list.loading = false;
  }
}

function failed(error: unknown): void {
  fail(error);
  list.problem = error;
}

// Looks again without moving anything: rows change in place, new ones are counted in the bar.
export async function renew(named: Set<string>): Promise<void> {
  const wanted = list.wanted;
  if (!wanted || new URLSearchParams(wanted).has('as_of')) return;
  if (!rows.value.length) return reload();
  try {
    const answer = await get<Page<Case>>(`cases?${wanted}`);
    if (wanted !== list.wanted) return;
    good();
    const now = new Set(answer.items.map((item) => item.case_no));
    let fresh = 0;
    let urgent = false;
    for (const item of answer.items) {
      if (rowOf.has(item.case_no)) put(item);
      else {
        fresh += 1;
        urgent ||= Boolean(item.urgent);
      }
    }
    list.gone.clear();
    if (!answer.next_cursor) {
      for (const item of rows.value) if (!now.has(item.case_no)) list.gone.add(item.case_no);
      fresh += list.gone.size;
    } else await renewAlone([...named].filter((no) => rowOf.has(no) && !now.has(no)).slice(0, ALONE_MOST), wanted);
    if (urgent && fresh > list.fresh) announce('note_urgent');
    list.fresh = fresh;
  } catch (error) {
    fail(error);
  }
}

async function renewAlone(numbers: string[], wanted: string): Promise<void> {
  for (const no of numbers) {
    const answer = await get<Page<Case>>(`cases?${new URLSearchParams({ text: no, limit: '1' })}`);
    if (wanted === list.wanted && answer.items[0]?.case_no === no) put(answer.items[0]);
  }
}

export function put(item: Case): void {
  const index = rowOf.get(item.case_no);
  if (index === undefined || rows.value[index].version > item.version) return;
  rows.value[index] = { ...rows.value[index], ...item };
  triggerRef(rows);
}

// ---- the cursor and what is chosen

export const openCurrent = (how?: { replace?: boolean }): void => {
  if (currentCase.value) go({ case: currentCase.value.case_no }, how);
};
export function move(step: number, extend = false): void {
  if (!rows.value.length) return;
  if (extend && currentCase.value) list.chosen.add(currentCase.value.case_no);
  list.current = Math.max(0, Math.min(rows.value.length - 1, list.current + step));
  if (extend && currentCase.value) list.chosen.add(currentCase.value.case_no);
  if (list.opened) openCurrent({ replace: true });
}
export function point(caseNo: string): void {
  list.current = rowOf.get(caseNo) ?? list.current;
}
export function choose(caseNo: string, on = !list.chosen.has(caseNo)): void {
  if (on) list.chosen.add(caseNo);
  else list.chosen.delete(caseNo);
}
