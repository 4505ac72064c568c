// A part of the standing data as a draft: what stands, what was changed here, what a change would do (check), and publishing it whole.
// The draft is kept in this tab, so that a session that ends or a reload loses nothing.
import { computed, reactive, ref, shallowRef } from 'vue';
import { asProblem, call, get, post } from '../core/api';
import { t } from '../core/i18n';
import { problemText } from '../core/refusals';
import { recallJson, remember } from '../core/storage';
import { fail, toast } from '../ui/session';
import { type Table, copyOf, same, touched } from './tables';

export interface Fault {
  table: string;
  row: number;
  column: string;
  reason: string;
}
export interface RowChange {
  key: string;
  change: 'added' | 'changed' | 'removed';
  was: Record<string, any> | null;
  is: Record<string, any> | null;
}
export interface Result {
  changes: { part: string; added: number; changed: number; removed: number; rows: RowChange[] }[];
  findings: { kind: string; rule: string; other?: string; words: string }[];
  refused: boolean;
  moved: { open: number; moved: number; cases: { case_no: string; unit: string; before: string; after: string }[] };
  version: number;
}
export interface SwitchInfo {
  name: string;
  kind: string;
  default: string;
  zh?: string;
  en?: string;
  choices?: string;
  least?: number;
  most?: number;
}
export interface Stands {
  version: number;
  at: string;
  by: string;
  note: string;
}
interface PartAnswer extends Stands {
  part: string;
  may_publish: boolean;
  tables: Table[];
  switches?: SwitchInfo[];
}
export type Draft = ReturnType<typeof usePart>;

export function usePart(part: string) {
  const stands = shallowRef<PartAnswer | null>(null);
  const tables = reactive<Table[]>([]);
  const problem = shallowRef<unknown>(null);
  const faults = shallowRef<Fault[]>([]);
  const result = shallowRef<Result | null>(null);
  const message = ref('');
  const stale = shallowRef<Stands | null>(null);
  const busy = ref(false);
  const key = `wangge.part.${part}`;
  const changed = computed(() => Boolean(stands.value) && !same(stands.value!.tables, tables));
  const count = computed(() => (stands.value ? touched(stands.value.tables, tables) : 0));

  const fill = (from: readonly Table[]) => void tables.splice(0, tables.length, ...copyOf(from));
  const keep = () => remember(key, changed.value ? JSON.stringify({ version: stands.value!.version, tables }) : '', sessionStorage);
  // After each change: what was found out before is no longer about this draft.
  function edited(): void {
    result.value = null;
    faults.value = [];
    message.value = '';
    keep();
  }
  async function load(): Promise<void> {
    problem.value = null;
    try {
      const answer = await get<PartAnswer>(`standing/${part}`, { wait: 60000 });
      stands.value = answer;
      stale.value = null;
      const kept = recallJson<{ version: number; tables: Table[] } | null>(key, null, sessionStorage);
      fill(kept && kept.version === answer.version ? kept.tables : answer.tables);
      if (kept && kept.version !== answer.version) stale.value = answer;
    } catch (error) {
      fail(error);
      problem.value = error;
    }
  }
  function drop(): void {
    remember(key, '', sessionStorage);
    if (stands.value) fill(stands.value.tables);
    edited();
  }
  async function send(what: 'check' | 'publish', note = '', allow = false): Promise<boolean> {
    busy.value = true;
    message.value = '';
    faults.value = [];
    try {
      const answer = await post<Result>(`standing/${part}/${what}`, { version: stands.value!.version, note: note || undefined, allow_findings: allow || undefined, tables }, { wait: 120000 });
      result.value = answer;
      return true;
    } catch (error) {
      const wrong = asProblem(error);
      const body = wrong.body as { faults?: Fault[]; stands?: Stands };
      faults.value = body.faults ?? [];
      if (wrong.status === 409 && body.stands) stale.value = body.stands;
      message.value = wrong.status === 0 && what === 'publish' ? t('o_publish_unknown') : problemText(error);
      return false;
    } finally {
      busy.value = false;
    }
  }
  const check = () => send('check');
  async function publish(note: string, allow: boolean): Promise<boolean> {
    if (!(await send('publish', note, allow))) return false;
    remember(key, '', sessionStorage);
    toast(t('o_published', { v: result.value!.version }));
    const done = result.value;
    await load();
    result.value = done;
    return true;
  }
  // A file becomes the draft; nothing is changed by that.
  async function upload(file: File): Promise<void> {
    busy.value = true;
    message.value = '';
    try {
      const type = file.name.endsWith('.xlsx') ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv';
      const answer = await call('POST', `standing/${part}/unpack?name=${encodeURIComponent(file.name)}`, { body: file, type, wait: 60000 });
      for (const given of answer.tables as Table[]) {
        const mine = tables.find((table) => table.name === given.name);
        if (mine) mine.rows.splice(0, mine.rows.length, ...given.rows);
      }
      edited();
      faults.value = answer.faults ?? [];
      message.value = faults.value.length ? t('o_file_faults', { n: faults.value.length }) : '';
      if (!faults.value.length) toast(t('o_file_read', { n: count.value }));
    } catch (error) {
      message.value = problemText(error);
    }
    busy.value = false;
  }
  void load();
  return { part, stands, tables, problem, faults, result, message, stale, busy, changed, count, edited, load, drop, check, publish, upload };
}
