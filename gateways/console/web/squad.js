// The squad's and the patroller's phone: my tasks live, by deadline, one big next step each. The device says `received` by itself
// (transport); `sign` is a person taking the task on.
import { get, getAll, LiveStream, post, serverNow } from './api.js';
import { t } from './i18n.js';
import { MasterData } from './master.js';
import { Receipts } from './receipts.js';
import { dressHeader, loadMaster, signedOut, startPage, toast, wireHeader } from './session.js';
import { cardError, taskCard, taskTitle, tellGone } from './taskcard.js';
import { span } from './times.js';
import { failure, h, show } from './view.js';

const main = document.getElementById('main');
const master = new MasterData();
const tasks = new Map(); // task_id -> {task, item, card, error, fresh, busy, gone}
const LOOK = 40000,
  LOOK_OFFLINE = 10000; // colleagues finish tasks without a word to this phone, so it looks by itself
let lastGood = 0,
  lineUp = false,
  unheard = 0,
  holds = () => true,
  stopped = false,
  stream = null;

const receipts = new Receipts((id, epoch) => post(`tasks/${encodeURIComponent(id)}/received`, { epoch }), {
  changed: (count) => {
    unheard = count;
    drawLine();
  },
  gone: () => look(),
  refused: (error) => fail(error),
});

// ------------------------------------------------------------------------------------------------ the line

function drawLine() {
  document.getElementById('line').textContent = lineUp ? `● ${t('online')}` : '';
  const banner = document.getElementById('banner');
  const cut = !lineUp && lastGood && !(navigator.onLine && serverNow() - lastGood < 12000);
  banner.hidden = !cut && !unheard;
  if (cut) banner.textContent = t('offline_age', { age: span(serverNow() - lastGood) });
  else if (unheard) banner.textContent = t('receipts_wait', { n: unheard });
}

function fail(error) {
  if (error.status === 401) signedOut();
}

// ------------------------------------------------------------------------------------------------ tasks come and go

function arrived(task) {
  if (!task?.task_id) return;
  const known = tasks.get(task.task_id);
  if (known && known.task.epoch > task.epoch) return;
  if (!known || known.task.epoch < task.epoch) {
    toast(t('task_new', { what: taskTitle({ task }, master) }));
    navigator.vibrate?.(200);
  }
  put(task, !known);
  load(task.task_id);
}

function put(task, fresh) {
  const known = tasks.get(task.task_id);
  if (known) known.task = { ...known.task, ...task };
  else tasks.set(task.task_id, { task, fresh });
  if (holds(task)) receipts.want(task);
}

function withdrawn(task) {
  const known = tasks.get(task?.task_id);
  if (known && known.task.epoch <= (task.epoch ?? known.task.epoch)) {
    toast(t('withdrawn', { n: taskTitle(known, master) }));
    drop(task.task_id);
    draw();
  }
  look();
}

// Gone from this phone; a form in use stays until it was told so.
function drop(id) {
  const entry = tasks.get(id);
  receipts.forget(id);
  if (!entry?.busy) tasks.delete(id);
  else if (!entry.gone) {
    entry.gone = true;
    tellGone(entry, on);
  }
}

// Somebody who never holds tasks is shown the way, and asks no more.
function wrongPage() {
  stopped = true;
  stream?.stop();
  show(main, h('div', { class: 'card' }, h('p', {}, t('wrong_page_squad')), h('p', {}, h('a', { href: '/' }, t('to_console')))));
}

// What the server says is mine now.
async function look() {
  if (stopped) return;
  try {
    const answer = await getAll('tasks');
    const now = new Map(answer.filter((task) => task.open !== false).map((task) => [task.task_id, task]));
    for (const id of [...tasks.keys()]) if (!now.has(id)) drop(id);
    for (const [id, task] of now) {
      put(task, false);
      const entry = tasks.get(id);
      if (!entry.item || entry.item.version !== task.version) load(id);
    }
    lastGood = serverNow();
    draw();
  } catch (error) {
    fail(error);
    if (error.status === 403) return wrongPage();
    if (!tasks.size) show(main, h('div', { class: 'card' }, failure(error, look)));
  }
  return drawLine();
}

async function load(id) {
  const entry = tasks.get(id);
  if (!entry) return;
  try {
    entry.item = await get(`cases/${encodeURIComponent(entry.task.case_no)}`);
    entry.error = '';
  } catch (error) {
    fail(error);
    entry.error = cardError(error);
  }
  draw();
}

// ------------------------------------------------------------------------------------------------ drawing

const on = {
  load,
  look,
  close(entry) {
    entry.busy = false;
    entry.card = null;
    entry.fresh = false;
    if (entry.gone) tasks.delete(entry.task.task_id);
    draw();
  },
};

function draw() {
  const order = [...tasks.values()].sort(
    (a, b) =>
      (Date.parse(a.task.due_at) || Infinity) - (Date.parse(b.task.due_at) || Infinity) || a.task.task_id.localeCompare(b.task.task_id),
  );
  document.title = (order.length ? `(${order.length}) ` : '') + t('squad_page');
  if (!order.length) {
    show(main, h('div', { class: 'empty' }, h('p', { class: 'big' }, t('empty_tasks')), h('p', { class: 'hint' }, t('empty_tasks_help'))));
    return;
  }
  const cards = order.map((entry) => {
    const print = JSON.stringify([{ ...entry.task, received: 0, escalated: 0 }, entry.item, entry.error, entry.fresh]);
    const reading = entry.card?.querySelector('details[open]');
    if (!entry.card || (!entry.busy && !reading && entry.print !== print)) {
      entry.card = taskCard(entry, master, on);
      entry.print = print;
    }
    return entry.card;
  });
  let list = main.querySelector('.tasks');
  if (!list) show(main, h('p', { class: 'count', role: 'status' }), (list = h('ul', { class: 'tasks' })));
  main.querySelector('.count').textContent = t('count_open', { n: order.length });
  // Only what moved is moved, so that a form in use keeps its focus.
  cards.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] || null);
  });
  while (list.children.length > cards.length) list.lastElementChild.remove();
}

// ------------------------------------------------------------------------------------------------ start

async function enter(me) {
  dressHeader(me);
  const desk = ['unit_clerk', 'unit_head'].includes(me.role);
  holds = (task) => !desk || !(task.squad || task.holder); // a desk that looks on is not the squad's device
  show(main, h('p', { class: 'hint pad' }, t('loading')));
  await loadMaster(master, fail);
  await look();
  if (stopped) return;
  stream = new LiveStream('tasks/stream', {
    event: (name, data) => (name === 'task' ? arrived(data) : name === 'task_withdrawn' ? withdrawn(data) : null),
    up: () => {
      lineUp = true;
      receipts.hurry();
      look();
    },
    down: () => {
      lineUp = false;
      drawLine();
    },
    fatal: (error) => (error.status === 401 ? fail(error) : wrongPage()),
  });
  let waited = 0;
  setInterval(() => {
    waited += LOOK_OFFLINE;
    if (!lineUp || waited >= LOOK) {
      waited = 0;
      look();
    }
    if (lineUp) lastGood = serverNow();
    drawLine();
  }, LOOK_OFFLINE);
  const back = () => {
    receipts.hurry();
    look();
  };
  window.addEventListener('online', back);
  window.addEventListener('offline', drawLine);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) back();
  });
}

wireHeader();
startPage(main, enter);
