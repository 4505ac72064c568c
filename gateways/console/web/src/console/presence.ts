// Who else looks at a case, and who works on it. A heartbeat says where this tab is; the stream tells the others'. It is a courtesy:
// the version of the case stays the guard, so whatever fails here is passed over in silence.
import { reactive, ref, watch } from 'vue';
import { casePath, get, post, uuid } from '../core/api';
import { recall, remember } from '../core/storage';
import type { Page } from '../core/types';
import { me } from '../ui/session';
import { list } from './queue';

export interface Person {
  name: string;
  role: string;
}
export interface Looked {
  case_no: string;
  people: Person[];
  lease: { name: string; role: string; until: string; taken_from?: string | null; reason?: string | null } | null;
}

const BEAT = 20000; // a lease lasts 60 s, a tab is gone after as long
const SEAT = 'wangge.seat';
const seat = recall(SEAT, sessionStorage) || uuid();
remember(SEAT, seat, sessionStorage);

export const looked = reactive(new Map<string, Looked>());
export const working = ref(''); // the case whose form is open here

export function seen(one: Looked | null): void {
  if (!one?.case_no) return;
  if (one.people.length || one.lease) looked.set(one.case_no, one);
  else looked.delete(one.case_no);
}
export async function lookAround(): Promise<void> {
  const all = await get<Page<Looked>>('presence').catch(() => null);
  if (!all) return;
  looked.clear();
  all.items.forEach(seen);
}

export const others = (no: string): Person[] => looked.get(no)?.people.filter((p) => p.name !== me.value?.name) ?? [];
export const heldBy = (no: string) => {
  const lease = looked.get(no)?.lease;
  return lease && lease.name !== me.value?.name && Date.parse(lease.until) > Date.now() ? lease : null;
};
// 张三 is 张; officer-2 is of.
export const face = (name: string): string => (/[\u3400-\u9fff]/.test(name) ? name.slice(0, 1) : name.slice(0, 2));

let beating: ReturnType<typeof setInterval> | undefined;
let was = '';
async function beat(): Promise<void> {
  const no = list.opened;
  const answer = await post<Looked>('presence', { seat, case_no: no || undefined, working: Boolean(no) && working.value === no }).catch(() => null);
  if (answer && no) seen(answer);
}
export async function takeOver(no: string, reason: string): Promise<void> {
  seen(await post<Looked>(`${casePath(no)}/takeover`, { reason }));
}

export function present(): void {
  void lookAround();
  watch(
    [() => list.opened, working],
    ([opened]) => {
      if (!opened && !was) return;
      was = opened;
      void beat();
      clearInterval(beating);
      if (opened) beating = setInterval(() => void beat(), BEAT);
    },
    { immediate: true },
  );
}
