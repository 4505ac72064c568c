// My tasks on this phone: live, kept for the time without a line, and what waits to be sent.
import { computed, reactive, ref } from 'vue';
import { asProblem, casePath, get, getAll, post, sendCommand, serverNow } from '../core/api';
import { ACTIONS } from '../core/code_steps';
import { t, word } from '../core/i18n';
import { Outbox, type OutboxItem, type OutboxPhoto } from '../core/outbox';
import { Receipts } from '../core/receipts';
import { problemText } from '../core/refusals';
import { holdOn, keep, kept, outboxStore } from '../core/shelf';
import { LiveStream } from '../core/stream';
import type { Case, Task } from '../core/types';
import { now } from '../ui/now';
import { fail, good, line, master, me, toast } from '../ui/session';

export interface Entry {
  task: Task;
  item?: Case;
  error: string;
  fresh: boolean;
  busy: boolean; // a form is open: nothing is taken away without a word
  gone: boolean;
}
export const entries = reactive(new Map<string, Entry>());
export const state = reactive({ looked: false, problem: null as unknown, wrongPage: false, unheard: 0 });
export const waiting = ref<OutboxItem[]>([]);
export const inOrder = computed(() =>
  [...entries.values()].sort((a, b) => (Date.parse(a.task.due_at ?? '') || Infinity) - (Date.parse(b.task.due_at ?? '') || Infinity) || a.task.task_id.localeCompare(b.task.task_id)),
);
export const GRACE = 12000;
const LOOK = 40000,
  LOOK_OFFLINE = 10000; // colleagues finish tasks without a word to this phone, so it looks by itself
let holds: (task: Task) => boolean = () => true;
let stream: LiveStream | null = null;

const receipts = new Receipts((id, epoch) => post(`tasks/${encodeURIComponent(id)}/received`, { epoch }), {
  changed: (count) => {
    state.unheard = count;
  },
  gone: () => void look(),
  refused: (error) => fail(error),
});

export const titleOf = (entry: Entry): string => master.category(entry.item ?? entry.task) || entry.task.case_no;

// ---- tasks come and go

function arrived(task?: Task) {
  if (!task?.task_id) return;
  const known = entries.get(task.task_id);
  if (known && known.task.epoch > task.epoch) return;
  if (!known || known.task.epoch < task.epoch) {
    toast(t('task_new', { what: master.category(task) || task.case_no }));
    navigator.vibrate?.(200);
  }
  put(task, !known);
  void load(task.task_id);
}
function put(task: Task, fresh: boolean) {
  const known = entries.get(task.task_id);
  if (known) known.task = { ...known.task, ...task };
  else entries.set(task.task_id, { task, error: '', fresh, busy: false, gone: false });
  if (holds(task)) receipts.want(task);
}
function withdrawn(task?: Task) {
  const known = entries.get(task?.task_id ?? '');
  if (known && known.task.epoch <= (task!.epoch ?? known.task.epoch)) {
    toast(t('withdrawn', { n: titleOf(known) }));
    drop(known.task.task_id);
  }
  void look();
}
// Gone from this phone; a form in use stays until it was told so.
function drop(id: string) {
  const entry = entries.get(id);
  receipts.forget(id);
  if (!entry?.busy) entries.delete(id);
  else entry.gone = true;
}

// What the server says is mine now.
export async function look(): Promise<void> {
  if (state.wrongPage) return;
  try {
    const answer = await getAll<Task>('tasks');
    const mine = new Map(answer.filter((task) => task.open !== false).map((task) => [task.task_id, task]));
    for (const id of [...entries.keys()]) if (!mine.has(id)) drop(id);
    for (const [id, task] of mine) {
      put(task, false);
      const entry = entries.get(id)!;
      if (!entry.item || entry.item.version !== task.version) void load(id);
    }
    state.looked = true;
    state.problem = null;
    good();
    remember();
  } catch (error) {
    fail(error);
    const { status } = asProblem(error);
    if (status === 403) {
      state.wrongPage = true;
      stream?.stop();
    } else if (!entries.size) state.problem = error;
  }
}
export async function load(id: string): Promise<void> {
  const entry = entries.get(id);
  if (!entry) return;
  try {
    entry.item = await get<Case>(casePath(entry.task.case_no));
    entry.error = '';
    remember();
  } catch (error) {
    fail(error);
    if (!entry.item) entry.error = problemText(error);
  }
}
export function close(entry: Entry): void {
  entry.busy = false;
  entry.fresh = false;
  if (entry.gone) entries.delete(entry.task.task_id);
}

// ---- for the time without a line

let saving: ReturnType<typeof setTimeout> | undefined;
function remember() {
  clearTimeout(saving);
  const plain = JSON.stringify([...entries.values()].map(({ task, item }) => ({ task, item })));
  saving = setTimeout(() => void keep(`tasks.${me.value?.name}`, { at: serverNow(), list: plain }), 30);
}
async function recall() {
  const known = await kept<{ at: number; list: string }>(`tasks.${me.value?.name}`);
  if (!known || entries.size) return;
  line.lastGood = known.at;
  line.grace = 0; // until a line is there, what is shown is old
  for (const { task, item } of JSON.parse(known.list) as { task: Task; item?: Case }[]) entries.set(task.task_id, { task, item, error: '', fresh: false, busy: false, gone: false });
}

export let outbox: Outbox;
// Two tabs share one shelf: who holds the lock sends what lies there, also what the other tab wrote.
let asked = false;
function flush() {
  if (asked) return;
  asked = true;
  void (navigator.locks ? navigator.locks.request('wangge.outbox', sendAll) : sendAll());
}
async function sendAll() {
  asked = false;
  if (!outbox.busy) await outbox.open().catch(() => {});
  await outbox.flush();
}
export const sendNow = flush;

// What another page on a phone adds: steps that are no action of a case, pictures with a mark, events of its own.
export interface More {
  send?(item: OutboxItem): Promise<Case> | undefined;
  done?(item: OutboxItem, after: Case): boolean; // true: told already
  upload?(file: Blob, photo: OutboxPhoto, key: string): Promise<{ media_id: string }>;
  event?(name: string, data: any): void;
  look?(): void;
}

export async function begin(more: More = {}): Promise<void> {
  const desk = ['unit_clerk', 'unit_head'].includes(me.value!.role);
  holds = (task) => !desk || !(task.squad || task.holder); // a desk that looks on is not the squad's device
  outbox = new Outbox(
    `${me.value!.district}/${me.value!.name}`,
    outboxStore,
    {
      upload: more.upload ?? (async (file, photo, key) => (await import('../core/uploads')).handIn(file, photo.told, key)),
      send: (one) => more.send?.(one) ?? sendCommand(one.case_no, one.action, one.id, one.version, one.photos.length ? { ...one.input, photos: one.photos.map((p) => p.id) } : one.input),
    },
    {
      changed: (items) => (waiting.value = [...items]),
      done: (one, after) => {
        if (more.done?.(one, after)) return;
        toast(t('sent', { what: word(ACTIONS, one.action) }));
        for (const entry of entries.values()) if (entry.task.case_no === one.case_no) void load(entry.task.task_id);
        void look();
      },
      signedOut: (error) => fail(error),
    },
  );
  holdOn();
  await outbox.open().catch(() => {}); // a browser without a shelf still works while there is a line
  await recall();
  await look();
  if (state.wrongPage) return;
  void import('../ui/ActionForm.vue').catch(() => {}); // there before the first tap
  flush();
  stream = new LiveStream('tasks/stream', {
    event: (name, data) => (name === 'task' ? arrived(data) : name === 'task_withdrawn' ? withdrawn(data) : more.event?.(name, data)),
    up: () => {
      line.up = true;
      line.grace = GRACE;
      receipts.hurry();
      flush();
      void look();
      more.look?.();
    },
    down: () => {
      line.up = false;
    },
    fatal: (error) => (error.status === 401 ? fail(error) : (state.wrongPage = true)),
  });
  let waited = 0;
  setInterval(() => {
    if (state.wrongPage) return;
    waited += LOOK_OFFLINE;
    if (!line.up || waited >= LOOK) {
      waited = 0;
      void look();
      flush();
      more.look?.();
    }
    if (line.up) good();
    else now.value = serverNow();
  }, LOOK_OFFLINE);
  const back = () => {
    receipts.hurry();
    flush();
    void look();
  };
  window.addEventListener('online', back);
  document.addEventListener('visibilitychange', () => !document.hidden && back());
}
